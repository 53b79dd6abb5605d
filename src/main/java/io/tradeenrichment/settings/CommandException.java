package io.tradeenrichment.settings;

import java.io.IOException;

/** Says in one sentence how a command failed, with an exit code that scripts can go by. */
public final class CommandException extends IOException {
    private final int exitCode;

    /** @param exitCode above 2, which {@link Command} has a meaning for */
    public CommandException(int exitCode, String sentence) {
        super(sentence);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
