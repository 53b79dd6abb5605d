package io.tradeenrichment.cli.preflight;

import io.tradeenrichment.settings.CheckedConfiguration;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/**
 * What is looked at, complete and checked.
 *
 * @param parallelism the job would be started with; none if the cluster's settings say
 * @param maxParallelism the job would be started with; none if the cluster's settings say
 * @param allowNonRestored whether the job would be started so that it may leave state behind
 * @param against the savepoint that the first is compared with, if that is wanted
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
