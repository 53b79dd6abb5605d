package io.tradeenrichment.operations;

import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.Settings;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The settings of the job behind {@code --}, read here as its main would read them: a local settings file becomes arguments,
 * for main runs on the JobManager, which has no such file.
 */
final class JobSettings {
    private final CommandDescription job;
    private final Consumer<Settings> check;
    private final Settings settings;

    private JobSettings(CommandDescription job, Consumer<Settings> check, Settings settings) {
        this.job = job;
        this.check = check;
        this.settings = settings;
    }

    /** @param check throws what main would throw at settings that it cannot use */
    static JobSettings read(CommandDescription job, Consumer<Settings> check, Settings command) {
        return new JobSettings(
                job, check, Settings.read(job, command.trailingArguments().toArray(String[]::new)));
    }

    /** What to print in place of a run, if help was asked for. */
    Optional<String> helpOrVersion() {
        return settings.helpOrVersion();
    }

    Map<String, String> arguments() {
        return settings.toArguments();
    }

    /**
     * The same once main could use them.
     *
     * @throws io.tradeenrichment.settings.SettingsException with the sentence that main would end with
     */
    Map<String, String> checked() {
        check.accept(settings);
        return arguments();
    }

    /**
     * Those of an earlier deployment, with these in their places, once main could use them.
     *
     * @throws io.tradeenrichment.settings.SettingsException with the sentence that main would end with
     */
    Map<String, String> checkedOver(Deployment before) {
        Map<String, String> all = new LinkedHashMap<>(before.version().settings());
        all.putAll(arguments());
        check.accept(Settings.of(job, all, "the settings of deployment " + before.number() + " with those given now"));
        return all;
    }
}
