package io.tradeenrichment.settings;

import java.io.IOException;

/** A command that runs in this JVM. */
public record Command(CommandDescription description, Action action) {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    /** The work of a command, with its settings read. */
    public interface Action {
        /**
         * @throws SettingsException if the settings are unusable
         * @throws CommandException if the failure has an exit code of its own
         * @throws IOException if the command fails otherwise; its message is one sentence
         */
        void run(Settings settings) throws IOException, InterruptedException;
    }

    /** Returns the exit code: 0, 1 after a failure, 2 for unusable settings, or that of the {@link CommandException}. */
    public int run(String... args) throws InterruptedException {
        try {
            Settings settings = Settings.read(description, args);
            if (settings.helpOrVersion().isPresent()) {
                System.out.print(settings.helpOrVersion().get());
            } else {
                action.run(settings);
            }
            return 0;
        } catch (SettingsException e) {
            return failed(MISUSED, e);
        } catch (CommandException e) {
            return failed(e.exitCode(), e);
        } catch (IOException e) {
            return failed(FAILED, e);
        }
    }

    private static int failed(int exitCode, Exception e) {
        System.err.println(e.getMessage());
        return exitCode;
    }
}
