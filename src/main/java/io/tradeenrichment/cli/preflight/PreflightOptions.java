package io.tradeenrichment.cli.preflight;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.tradeenrichment.settings.OptionGroup;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;

/** The options of {@code preflight} alone; {@link PreflightConfig} reads them. */
public final class PreflightOptions {
    public static final ConfigOption<String> SAVEPOINT = key("preflight.savepoint")
            .stringType()
            .noDefaultValue()
            .withDescription("The savepoint or retained checkpoint that the job would be started from: its folder, as "
                    + "flink run -s takes it.");

    public static final ConfigOption<Integer> PARALLELISM = key("preflight.parallelism")
            .intType()
            .noDefaultValue()
            .withDescription("The parallelism that the job would be started with (flink run -p). If it is not set, "
                    + "parallelism.default of the Flink settings in FLINK_CONF_DIR.");

    public static final ConfigOption<Integer> MAX_PARALLELISM = key("preflight.max-parallelism")
            .intType()
            .noDefaultValue()
            .withDescription(
                    "The pipeline.max-parallelism that the job would be started with. If it is not set, that of "
                            + "the Flink settings in FLINK_CONF_DIR; if it is not set there either, Flink keeps the savepoint's.");

    public static final ConfigOption<Boolean> ALLOW_NON_RESTORED_STATE = key("preflight.allow-non-restored-state")
            .booleanType()
            .defaultValue(false)
            .withDescription(
                    "Whether the job would be started with flink run --allowNonRestoredState. Only a build that "
                            + "loads all rows again needs it: it drops the state of the former dimension sources, and no "
                            + "other.");

    public static final ConfigOption<String> AGAINST = key("preflight.against")
            .stringType()
            .noDefaultValue()
            .withDescription("Another savepoint: the two are compared, and the job is not checked.");

    private PreflightOptions() {}

    public static List<OptionGroup> groups() {
        return List.of(OptionGroup.of("Preflight", PreflightOptions.class));
    }
}
