package io.tradeenrichment.cli.deploy;

import io.tradeenrichment.settings.CommandException;
import io.tradeenrichment.settings.Settings;
import java.io.IOException;

/** What a command works with. */
record CommandContext(DeployConfig config, SessionCluster cluster, DeploymentRecord record, CommandLog log) {
    /** Exit code of a command after which no job runs, or the state of the job is unknown. */
    static final int NO_JOB_RUNS = 3;

    /** What a command does. */
    interface Action {
        void run(CommandContext context) throws IOException, InterruptedException;
    }

    /**
     * Connects to the cluster and opens its record for the action.
     *
     * @throws CommandException with exit code 3 if the action fails while it is not certain that a job runs
     */
    static void run(Settings settings, Action action) throws IOException, InterruptedException {
        DeployConfig config = settings.bind(DeployConfig::from);
        try (var cluster = new SessionCluster(config);
                var record = new DeploymentRecord(config.record());
                var log = new CommandLog()) {
            log.step("Connects to " + cluster.overview());
            log.detail("record: " + record);
            try {
                action.run(new CommandContext(config, cluster, record, log));
            } catch (CommandException e) {
                throw e;
            } catch (IOException e) {
                throw log.pending().isEmpty()
                        ? e
                        : new CommandException(
                                NO_JOB_RUNS,
                                String.valueOf(e.getMessage()).replaceFirst("\\.?$", ". ")
                                        + log.pending().get());
            }
        }
    }
}
