package io.tradeenrichment.settings;

import java.io.IOException;

/**
 * A program that runs where it is started, and what it does.
 *
 * @param action once its settings are read
 */
public record Command(CommandDescription program, Action action) {
    private static final int FAILED = 1;
    private static final int MISUSED = 2;

    /** What a command does. */
    public interface Action {
        /**
         * @throws SettingsException if the settings cannot be used
         * @throws CommandException with one sentence and the exit code, if the code is to tell more than failure
         * @throws IOException with one sentence if it fails otherwise
         */
        void run(Settings settings) throws IOException, InterruptedException;
    }

    /** Runs to the end. Returns the exit code: 0, or 1 if it failed, or 2 if the settings cannot be used, or the failure's. */
    public int run(String... args) throws InterruptedException {
        try {
            Settings settings = Settings.read(program, args);
            if (settings.answer().isPresent()) {
                System.out.print(settings.answer().get());
            } else {
                action.run(settings);
            }
            return 0;
        } catch (SettingsException e) {
            System.err.println(e.getMessage());
            return MISUSED;
        } catch (CommandException e) {
            System.err.println(e.getMessage());
            return e.exitCode();
        } catch (IOException e) {
            System.err.println(e.getMessage());
            return FAILED;
        }
    }
}
