package io.tradeenrichment.cli.preflight;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.tradeenrichment.settings.OptionGroup;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;

/** The keys of {@code preflight}; {@link PreflightConfig} holds their values. */
public final class PreflightOptions {
    public static final ConfigOption<String> SAVEPOINT = key("preflight.savepoint")
            .stringType()
            .noDefaultValue()
            .withDescription(
                    "The folder of the savepoint or retained checkpoint to restore from, as for flink run -s.");

    public static final ConfigOption<Integer> PARALLELISM = key("preflight.parallelism")
            .intType()
            .noDefaultValue()
            .withDescription("The parallelism of the planned job, as for flink run -p. By default "
                    + "parallelism.default of the Flink configuration in FLINK_CONF_DIR.");

    public static final ConfigOption<Integer> MAX_PARALLELISM = key("preflight.max-parallelism")
            .intType()
            .noDefaultValue()
            .withDescription("The pipeline.max-parallelism of the planned job. By default that of the Flink "
                    + "configuration in FLINK_CONF_DIR. If that is not set either, Flink keeps the savepoint's.");

    public static final ConfigOption<Boolean> ALLOW_NON_RESTORED_STATE = key("preflight.allow-non-restored-state")
            .booleanType()
            .defaultValue(false)
            .withDescription("Whether the job is to be started with flink run --allowNonRestoredState. Only a build "
                    + "that reloads all rows and a job without one of its former dimensions need this. The check "
                    + "then accepts that their state is not restored, and no other state.");

    public static final ConfigOption<String> AGAINST = key("preflight.against")
            .stringType()
            .noDefaultValue()
            .withDescription("Another savepoint to compare with. The job is not checked.");

    private PreflightOptions() {}

    public static List<OptionGroup> groups() {
        return List.of(OptionGroup.of("Preflight", PreflightOptions.class));
    }
}
