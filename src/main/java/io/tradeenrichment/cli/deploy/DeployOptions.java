package io.tradeenrichment.cli.deploy;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.tradeenrichment.settings.OptionGroup;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.core.execution.SavepointFormatType;

/** The keys of the commands that deploy. */
public final class DeployOptions {
    public static final ConfigOption<String> URL = key("cluster.url")
            .stringType()
            .defaultValue("http://localhost:8081")
            .withDescription("The address of the Flink cluster's REST endpoint and web UI.");

    public static final ConfigOption<String> CONFIG = key("cluster.config")
            .stringType()
            .noDefaultValue()
            .withDescription("A folder with Flink's config.yaml, for a cluster with high availability"
                    + " (high-availability.*) or TLS (security.ssl.rest.*). Without cluster.url, its rest.address or its"
                    + " high availability services locate the cluster.");

    public static final ConfigOption<Duration> ANSWER_TIMEOUT = key("cluster.timeout")
            .durationType()
            .defaultValue(Duration.ofSeconds(30))
            .withDescription("How long the cluster may be unavailable, or take to answer, before a step fails.");

    public static final ConfigOption<String> RECORD = key("cluster.record")
            .stringType()
            .noDefaultValue()
            .withDescription("The folder of the deployment record, which has the jars too. By default a folder in"
                    + " ~/.trade-enrichment, named after the cluster's address.");

    public static final ConfigOption<String> JAR = key("jar")
            .stringType()
            .noDefaultValue()
            .withDescription("The job's jar. Without it, an upgrade keeps the jar of the running deployment.");

    public static final ConfigOption<Integer> PARALLELISM = key("parallelism")
            .intType()
            .noDefaultValue()
            .withDescription(
                    "The parallelism of the job. Without it, an upgrade and a rollback keep the parallelism, and"
                            + " submit uses the cluster's parallelism.default.");

    public static final ConfigOption<String> FROM = key("from")
            .stringType()
            .noDefaultValue()
            .withDescription("The savepoint or retained checkpoint to start from. Without it, the job starts empty.");

    public static final ConfigOption<Boolean> FRESH = key("fresh")
            .booleanType()
            .defaultValue(false)
            .withDescription(
                    "Whether to start with empty state although the record has a state to restore. The job then"
                            + " reads trades from kafka.trades.start again.");

    public static final ConfigOption<Boolean> BESIDE = key("beside")
            .booleanType()
            .defaultValue(false)
            .withDescription(
                    "Whether another job with the same name may run on the cluster. Each job needs a record of its"
                            + " own (cluster.record).");

    public static final ConfigOption<Boolean> ALLOW_NON_RESTORED_STATE = key("allow-non-restored-state")
            .booleanType()
            .defaultValue(false)
            .withDescription(
                    "Whether the new version may discard state that none of its operators restores. The preflight"
                            + " reports when this is correct.");

    public static final ConfigOption<Boolean> PREFLIGHT = key("upgrade.preflight")
            .booleanType()
            .defaultValue(true)
            .withDescription("Whether to check first that the new jar can restore a savepoint of the running job. This"
                    + " machine must be able to read the savepoint.");

    public static final ConfigOption<Change> SETTINGS = key("upgrade.settings")
            .enumType(Change.class)
            .defaultValue(Change.CHANGE)
            .withDescription("Whether the settings after -- change single settings of the running deployment or replace"
                    + " all of them.");

    public static final ConfigOption<Integer> TO = key("rollback.to")
            .intType()
            .noDefaultValue()
            .withDescription("The number of the deployment to roll back to. Without it, the one before the current.");

    public static final ConfigOption<String> SAVEPOINT_FOLDER = key("savepoint.dir")
            .stringType()
            .noDefaultValue()
            .withDescription(
                    "The folder for savepoints. Without it, the cluster's execution.checkpointing.savepoint-dir.");

    public static final ConfigOption<SavepointFormatType> SAVEPOINT_FORMAT = key("savepoint.format")
            .enumType(SavepointFormatType.class)
            .defaultValue(SavepointFormatType.CANONICAL)
            .withDescription("Any state backend can restore a canonical savepoint. A native savepoint is faster.");

    public static final ConfigOption<Duration> SAVEPOINT_TIMEOUT = key("savepoint.timeout")
            .durationType()
            .defaultValue(Duration.ofMinutes(10))
            .withDescription("How long a savepoint may take, or a stop with a savepoint.");

    public static final ConfigOption<Duration> START_TIMEOUT = key("start.timeout")
            .durationType()
            .defaultValue(Duration.ofMinutes(10))
            .withDescription(
                    "How long it may take until every task runs. A job with empty state first loads all rows.");

    public static final ConfigOption<Duration> VERIFY_FOR = key("verify.for")
            .durationType()
            .defaultValue(Duration.ofSeconds(30))
            .withDescription("How long every task must run without a failure before the deployment is stable.");

    public static final ConfigOption<Duration> VERIFY_TIMEOUT = key("verify.timeout")
            .durationType()
            .defaultValue(Duration.ofMinutes(5))
            .withDescription("How much longer it may take until a checkpoint is complete and the totals are as high as"
                    + " before.");

    /** How the settings of an upgrade are used. */
    public enum Change {
        CHANGE,
        REPLACE
    }

    private DeployOptions() {}

    /** All keys. */
    public static List<OptionGroup> groups() {
        return List.of(
                group("Cluster", "cluster."),
                group("Deployment", "jar", "parallelism"),
                group("Submit", "from", "fresh", "beside", "allow-non-restored-state"),
                group("Upgrade", "upgrade."),
                group("Roll back", "rollback."),
                group("Savepoint", "savepoint."),
                group("Start", "start.", "verify."));
    }

    static OptionGroup group(String heading, String... prefixes) {
        return OptionGroup.of(heading, DeployOptions.class, prefixes);
    }
}
