package io.tradeenrichment.cli.preflight;

import io.tradeenrichment.settings.CheckedConfiguration;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/**
 * The checked settings of the command.
 *
 * @param parallelism of the planned job; empty to use the Flink settings
 * @param maxParallelism of the planned job; empty to use the Flink settings
 * @param allowNonRestored whether the job would be started with --allowNonRestoredState
 * @param against another savepoint to compare with, instead of a check
 */
public record PreflightConfig(
        String savepoint,
        OptionalInt parallelism,
        OptionalInt maxParallelism,
        boolean allowNonRestored,
        Optional<String> against) {

    /** @throws io.tradeenrichment.settings.SettingsException if a value cannot be used */
    public static PreflightConfig from(Configuration configuration) {
        var checked = new CheckedConfiguration(configuration);
        return new PreflightConfig(
                checked.get(PreflightOptions.SAVEPOINT),
                positive(checked, PreflightOptions.PARALLELISM),
                positive(checked, PreflightOptions.MAX_PARALLELISM),
                checked.get(PreflightOptions.ALLOW_NON_RESTORED_STATE),
                checked.isSet(PreflightOptions.AGAINST)
                        ? Optional.of(checked.get(PreflightOptions.AGAINST))
                        : Optional.empty());
    }

    private static OptionalInt positive(CheckedConfiguration checked, ConfigOption<Integer> option) {
        return checked.isSet(option)
                ? OptionalInt.of(checked.between(1, Integer.MAX_VALUE, option))
                : OptionalInt.empty();
    }
}
