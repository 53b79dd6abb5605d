package io.tradeenrichment.kafka.check;

import io.tradeenrichment.kafka.client.KafkaAdmin;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.kafka.client.KafkaOptions;
import io.tradeenrichment.kafka.sink.OpenTransactions;
import io.tradeenrichment.settings.DurationText;
import io.tradeenrichment.settings.SettingsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;

/** Asks Kafka, before the job is submitted, whether its transactions will last, and will be left alone. */
final class TransactionChecks {
    private static final String TRANSACTION_MAX_TIMEOUT = "transaction.max.timeout.ms";
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(100);
    /** How long a running copy may take to begin its next transactions, once a checkpoint is due. */
    private static final Duration SNAPSHOT = Duration.ofSeconds(1);

    private static final Set<TransactionState> OPEN =
            Set.of(TransactionState.ONGOING, TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT);

    private final KafkaAdmin cluster;
    private final Admin admin;
    private final KafkaConfig config;
    private final List<String> warnings = new ArrayList<>();

    TransactionChecks(KafkaAdmin cluster, KafkaConfig config) {
        this.cluster = cluster;
        this.admin = cluster.admin();
        this.config = config;
    }

    /**
     * Returns warnings, a sentence each.
     *
     * @throws SettingsException naming the key for which the job could not run
     */
    List<String> run(Checkpointing checkpointing) throws InterruptedException {
        checkTimeout();
        checkNames(checkpointing);
        long until = config.writing().acceptLossUntil();
        if (until > 0) {
            warnings.add(KafkaOptions.TRANSACTION_ACCEPT_LOSS_UNTIL.key() + " is " + until
                    + ": output of checkpoints up to that one may be lost; remove it once the job is past them.");
        }
        return warnings;
    }

    private void checkTimeout() throws InterruptedException {
        List<ConfigResource> resources = cluster.ask(admin.describeCluster().nodes()).stream()
                .map(broker -> new ConfigResource(ConfigResource.Type.BROKER, broker.idString()))
                .toList();
        Map<ConfigResource, Config> settings;
        try {
            settings = cluster.answer(admin.describeConfigs(resources).all());
        } catch (AuthorizationException e) {
            warnings.add("The broker's " + TRANSACTION_MAX_TIMEOUT + " cannot be seen (" + e.getMessage()
                    + "); it must be " + "at least " + KafkaOptions.TRANSACTION_TIMEOUT.key() + ".");
            return;
        } catch (KafkaException e) {
            throw KafkaAdmin.refused("the brokers' settings cannot be looked up", e);
        }
        for (Config broker : settings.values()) {
            long most = Long.parseLong(broker.get(TRANSACTION_MAX_TIMEOUT).value());
            long given = config.writing().transactionTimeout().toMillis();
            if (given > most) {
                String key = KafkaOptions.TRANSACTION_TIMEOUT.key();
                throw new SettingsException(
                        key,
                        key + " is " + DurationText.of(Duration.ofMillis(given)) + ", but the broker allows at most "
                                + DurationText.of(Duration.ofMillis(most)) + " ("
                                + TRANSACTION_MAX_TIMEOUT + "); lower the one or raise the other");
            }
        }
    }

    /**
     * Names that clash are looked for among open transactions only: Kafka remembers a name for a week, and the job's own
     * are new at every checkpoint.
     */
    private void checkNames(Checkpointing checkpointing) throws InterruptedException {
        OpenTransactions open;
        try {
            open = openTransactions();
            open.refuseOthers();
            if (open.own().isPresent() && checkpointing.besideMain()) {
                warnings.add("Transactions of this job are open, such as "
                        + open.own().get() + ": its own, if its JobManager has just been replaced. If another copy"
                        + " of the job is running, one of the two will be fenced off; make sure that none is.");
            } else if (open.own().isPresent()) {
                refuseARunningCopy(open, checkpointing.interval());
            }
        } catch (AuthorizationException e) {
            warnings.add("Whether others use " + KafkaOptions.TRANSACTIONAL_ID_PREFIX.key() + " cannot be seen ("
                    + e.getMessage() + ").");
            return;
        } catch (KafkaException e) {
            throw KafkaAdmin.refused("the transactions cannot be looked up", e);
        }
        open.shorter()
                .ifPresent(id -> warnings.add("Another application's transactional ids begin as this job's do, such as "
                        + id + ": if it pools its names, it aborts this job's transactions whenever it starts; give one"
                        + " of the two another prefix."));
    }

    /**
     * After a crash, too, transactions of this job are open. But only a job that runs begins new ones, at every checkpoint:
     * so they are watched for as long as one may take to come.
     */
    private void refuseARunningCopy(OpenTransactions before, Duration checkpointInterval) throws InterruptedException {
        Duration enough = checkpointInterval.plus(SNAPSHOT);
        Duration most = config.reading().checkTimeout();
        Duration watched = enough.compareTo(most) < 0 ? enough : most;
        long deadline = System.nanoTime() + watched.toNanos();
        while (System.nanoTime() < deadline) {
            Thread.sleep(BETWEEN_LOOKS.toMillis());
            openTransactions().refuseWhatIsNewSince(before);
        }
        warnings.add(
                "Transactions of this job are open, such as " + before.own().orElseThrow()
                        + ", but none was begun within " + DurationText.of(watched)
                        + ": from a run that broke off. If another copy of the job is running all the same, it will be fenced"
                        + " off; make sure that none is.");
    }

    private OpenTransactions openTransactions() throws InterruptedException {
        var onlyOpen = new ListTransactionsOptions().filterStates(OPEN);
        return new OpenTransactions(
                config.writing().transactionalIdPrefix(),
                cluster.answer(admin.listTransactions(onlyOpen).all()).stream()
                        .map(TransactionListing::transactionalId)
                        .toList());
    }
}
