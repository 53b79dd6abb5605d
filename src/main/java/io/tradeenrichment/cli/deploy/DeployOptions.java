package io.tradeenrichment.cli.deploy;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.tradeenrichment.settings.OptionGroup;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;

/** The keys of the commands that deploy. */
public final class DeployOptions {
    public static final ConfigOption<String> URL = key("cluster.url")
            .stringType()
            .defaultValue("http://localhost:8081")
            .withDescription("The address of the Flink cluster's REST endpoint and web UI.");

    public static final ConfigOption<String> CONFIG = key("cluster.config")
            .stringType()
            .noDefaultValue()
            .withDescription("The folder of Flink's config.yaml, for a cluster with high availability or TLS.");

    public static final ConfigOption<Duration> ANSWER_TIMEOUT = key("cluster.timeout")
            .durationType()
            .defaultValue(Duration.ofSeconds(30))
            .withDescription("How long the cluster may be unavailable, or take to answer, before a step fails.");

    public static final ConfigOption<String> RECORD = key("cluster.record")
            .stringType()
            .noDefaultValue()
            .withDescription(
                    "The deployment record's folder; by default ~/.trade-enrichment/ and the cluster's address.");

    public static final ConfigOption<String> JAR = key("jar")
            .stringType()
            .noDefaultValue()
            .withDescription("The job's jar. Without it, an upgrade keeps the jar of the running deployment.");

    public static final ConfigOption<Integer> PARALLELISM = key("parallelism")
            .intType()
            .noDefaultValue()
            .withDescription("By default, submit uses the cluster's parallelism.default, and an upgrade keeps it.");

    public static final ConfigOption<String> FROM = key("from")
            .stringType()
            .noDefaultValue()
            .withDescription("The state to start from. By default the last state in the record, or else empty state.");

    public static final ConfigOption<Boolean> FRESH = key("fresh")
            .booleanType()
            .defaultValue(false)
            .withDescription("Whether to start with empty state, and to read trades from kafka.trades.start again.");

    public static final ConfigOption<Boolean> ALLOW_NON_RESTORED_STATE = key("allow-non-restored-state")
            .booleanType()
            .defaultValue(false)
            .withDescription("Whether to discard state without an operator. The preflight reports if this is correct.");

    public static final ConfigOption<Boolean> PREFLIGHT = key("upgrade.preflight")
            .booleanType()
            .defaultValue(true)
            .withDescription("Whether to check first that the new version restores a savepoint. It is read here.");

    public static final ConfigOption<Integer> TO = key("rollback.to")
            .intType()
            .noDefaultValue()
            .withDescription("The number of the deployment to roll back to. By default, the one before the current.");

    public static final ConfigOption<String> SAVEPOINT_FOLDER = key("savepoint.dir")
            .stringType()
            .noDefaultValue()
            .withDescription("The folder for savepoints. By default execution.checkpointing.savepoint-dir.");

    public static final ConfigOption<Duration> SAVEPOINT_TIMEOUT = key("savepoint.timeout")
            .durationType()
            .defaultValue(Duration.ofMinutes(10))
            .withDescription("How long a savepoint may take, or a stop with a savepoint.");

    public static final ConfigOption<Duration> START_TIMEOUT = key("start.timeout")
            .durationType()
            .defaultValue(Duration.ofMinutes(10))
            .withDescription("How long it may take until every task runs, and then until a checkpoint is complete.");

    public static final ConfigOption<Duration> VERIFY_FOR = key("verify.for")
            .durationType()
            .defaultValue(Duration.ofSeconds(30))
            .withDescription("How long every task must run without a failure before the deployment is stable.");

    private DeployOptions() {}

    /** All keys. */
    public static List<OptionGroup> groups() {
        return List.of(
                group("Cluster", "cluster."),
                group("Submit", "jar", "parallelism", "from", "fresh", "allow"),
                group("Upgrade and roll back", "upgrade.", "rollback.", "savepoint."),
                group("Start", "start.", "verify."));
    }

    static OptionGroup group(String heading, String... prefixes) {
        return OptionGroup.of(heading, DeployOptions.class, prefixes);
    }
}
