package io.tradeenrichment.operations;

import io.tradeenrichment.settings.CommandException;
import io.tradeenrichment.settings.Settings;
import io.tradeenrichment.settings.SettingsException;
import java.io.IOException;
import java.util.Optional;
import org.apache.flink.configuration.ConfigOption;
import org.jspecify.annotations.Nullable;

/** A command at work: what it was told, the cluster it works on, the record it keeps, and what it says meanwhile. */
record Session(OperationsConfig config, SessionCluster cluster, DeploymentRecord record, Steps steps)
        implements AutoCloseable {
    static final int NOTHING_RUNS = 3;

    /** Begins with the cluster's own words, so that nobody works on the wrong one for long. */
    static Session open(Settings settings) throws IOException, InterruptedException {
        OperationsConfig config = settings.bind(OperationsConfig::from);
        SessionCluster cluster = new SessionCluster(new ClusterClient(config.cluster(), config.answerTimeout()));
        DeploymentRecord record = DeploymentRecord.open(config.record(), config.cluster());
        Session session = new Session(config, cluster, record, new Steps(System.out));
        try {
            session.steps.step("On " + cluster.overview());
            session.steps.say("record: " + record);
            return session;
        } catch (IOException e) {
            session.close();
            throw e;
        }
    }

    /** What a command does. */
    interface Work {
        void run() throws IOException, InterruptedException;
    }

    /**
     * Works on what runs.
     *
     * @throws CommandException if no job runs for certain when it fails, with how things stand: a script must tell that from a
     *     job that runs on
     */
    void run(Work work) throws IOException, InterruptedException {
        try {
            work.run();
        } catch (CommandException e) {
            throw e;
        } catch (IOException e) {
            Optional<String> standing = steps.unsettled();
            if (standing.isPresent()) {
                throw new CommandException(NOTHING_RUNS, ended(e.getMessage()) + " " + standing.get());
            }
            throw e;
        }
    }

    /** Others' sentences have their full stop at times. */
    private static String ended(@Nullable String sentence) {
        return String.valueOf(sentence).replaceFirst("\\.?$", ".");
    }

    /** A sentence that begins with the key. */
    static SettingsException refusal(ConfigOption<?> option, String sentence) {
        return new SettingsException(option.key(), option.key() + " " + sentence);
    }

    @Override
    public void close() {
        steps.close();
        record.close();
    }
}
