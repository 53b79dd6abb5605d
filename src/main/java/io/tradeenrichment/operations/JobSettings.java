package io.tradeenrichment.operations;

import io.tradeenrichment.config.Program;
import io.tradeenrichment.config.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The settings of the job behind {@code --}, read here as its main would read them: a local settings file becomes arguments,
 * for main runs on the JobManager, which has no such file.
 */
final class JobSettings {
    private final Settings settings;

    private JobSettings(Settings settings) {
        this.settings = settings;
    }

    static JobSettings read(Program job, Settings command) {
        return new JobSettings(Settings.read(job, command.passedOn().toArray(String[]::new)));
    }

    /** What to print in place of a run, if help was asked for. */
    Optional<String> answer() {
        return settings.answer();
    }

    Map<String, String> arguments() {
        return settings.asArguments();
    }

    /** Those that were, with these in their places. */
    Map<String, String> over(Map<String, String> before) {
        Map<String, String> all = new LinkedHashMap<>(before);
        all.putAll(arguments());
        return all;
    }
}
