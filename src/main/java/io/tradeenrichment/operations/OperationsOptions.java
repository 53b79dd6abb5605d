package io.tradeenrichment.operations;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.tradeenrichment.settings.OptionGroup;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;

/** The keys that only the commands of deploying have. */
public final class OperationsOptions {
    public static final ConfigOption<String> URL = key("cluster.url")
            .stringType()
            .defaultValue("http://localhost:8081")
            .withDescription("The REST address of the Flink cluster, which is its web UI's too.");

    public static final ConfigOption<Duration> ANSWER_TIMEOUT = key("cluster.timeout")
            .durationType()
            .defaultValue(Duration.ofSeconds(30))
            .withDescription(
                    "How long the cluster may take to answer, or may be away, before a step counts as failed.");

    public static final ConfigOption<String> RECORD = key("cluster.record")
            .stringType()
            .noDefaultValue()
            .withDescription("The folder with the record of what was deployed on this cluster, and with the jars."
                    + " Without it, the folder of the cluster's host and port in ~/.trade-enrichment.");

    public static final ConfigOption<String> JAR = key("jar")
            .stringType()
            .noDefaultValue()
            .withDescription("The job's jar. An upgrade without one keeps the jar and changes what else is given.");

    public static final ConfigOption<Integer> PARALLELISM = key("parallelism")
            .intType()
            .noDefaultValue()
            .withDescription(
                    "Subtasks of each operator that can have several. Without it, an upgrade and a rollback keep"
                            + " what was, and submit takes the cluster's parallelism.default.");

    public static final ConfigOption<String> FROM = key("from")
            .stringType()
            .noDefaultValue()
            .withDescription("The savepoint or retained checkpoint to start from; without it, the job starts empty.");

    public static final ConfigOption<Boolean> FRESH = key("fresh")
            .booleanType()
            .defaultValue(false)
            .withDescription(
                    "Whether to begin with empty state though the record knows of a state to go on from: trades are"
                            + " then read from kafka.trades.start again.");

    public static final ConfigOption<Boolean> BESIDE = key("beside")
            .booleanType()
            .defaultValue(false)
            .withDescription(
                    "Whether another job of the same name may run on the cluster, which this one has nothing to do"
                            + " with. Each has a record of its own (cluster.record).");

    public static final ConfigOption<Boolean> ALLOW_NON_RESTORED_STATE = key("allow-non-restored-state")
            .booleanType()
            .defaultValue(false)
            .withDescription(
                    "Whether state that no operator of the new version has a use for may be given up. The preflight"
                            + " says when that is right.");

    public static final ConfigOption<Boolean> PREFLIGHT = key("upgrade.preflight")
            .booleanType()
            .defaultValue(true)
            .withDescription(
                    "Whether the new jar is first held against a savepoint of the running job. The savepoint must"
                            + " be readable from this machine.");

    public static final ConfigOption<Change> SETTINGS = key("upgrade.settings")
            .enumType(Change.class)
            .defaultValue(Change.CHANGE)
            .withDescription("Whether the settings behind -- change those of the running deployment, key by key, or"
                    + " replace them all.");

    public static final ConfigOption<Integer> TO = key("rollback.to")
            .intType()
            .noDefaultValue()
            .withDescription("The number of the deployment to go back to; without it, the one before the current.");

    public static final ConfigOption<Boolean> TO_SAVEPOINT = key("rollback.to-savepoint")
            .booleanType()
            .defaultValue(false)
            .withDescription(
                    "Whether to go back in time too: to the savepoint that the old deployment was stopped with,"
                            + " in place of one that is taken now.");

    public static final ConfigOption<Boolean> REPETITIONS = key("rollback.accept-repetitions")
            .booleanType()
            .defaultValue(false)
            .withDescription("Says that consumers can do with the output since that savepoint being written again.");

    public static final ConfigOption<String> SAVEPOINT_FOLDER = key("savepoint.dir")
            .stringType()
            .noDefaultValue()
            .withDescription(
                    "Where savepoints are written; without it, the cluster's execution.checkpointing.savepoint-dir.");

    public static final ConfigOption<Format> SAVEPOINT_FORMAT = key("savepoint.format")
            .enumType(Format.class)
            .defaultValue(Format.CANONICAL)
            .withDescription("Canonical savepoints can be read by any state backend; native ones are made faster.");

    public static final ConfigOption<Duration> SAVEPOINT_TIMEOUT = key("savepoint.timeout")
            .durationType()
            .defaultValue(Duration.ofMinutes(10))
            .withDescription("How long a savepoint may take, and the stop that goes with it.");

    public static final ConfigOption<Duration> START_TIMEOUT = key("start.timeout")
            .durationType()
            .defaultValue(Duration.ofMinutes(10))
            .withDescription(
                    "How long it may take until every task runs: a job that starts empty loads all rows first.");

    public static final ConfigOption<Duration> VERIFY_FOR = key("verify.for")
            .durationType()
            .defaultValue(Duration.ofSeconds(30))
            .withDescription("How long a job must run without a failure, once every task runs, to count as running.");

    public static final ConfigOption<Duration> VERIFY_TIMEOUT = key("verify.timeout")
            .durationType()
            .defaultValue(Duration.ofMinutes(5))
            .withDescription(
                    "How long it may take beyond that until a checkpoint is complete and the totals are as high"
                            + " as before.");

    /** What given settings do to those that were. */
    public enum Change {
        CHANGE,
        REPLACE
    }

    /** How a savepoint is written; the names are those of Flink's REST interface. */
    public enum Format {
        CANONICAL,
        NATIVE
    }

    private OperationsOptions() {}

    /** All of them, under the headings that people see. */
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
        return OptionGroup.of(heading, OperationsOptions.class, prefixes);
    }
}
