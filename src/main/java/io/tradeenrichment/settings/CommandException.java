package io.tradeenrichment.settings;

import java.io.IOException;

/** The failure of a command, with an exit code for scripts. The message is one sentence. */
public final class CommandException extends IOException {
    private final int exitCode;

    /** @param exitCode above 2; {@link Command} uses the lower ones */
    public CommandException(int exitCode, String sentence) {
        super(sentence);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
