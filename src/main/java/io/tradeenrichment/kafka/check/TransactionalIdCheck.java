package io.tradeenrichment.kafka.check;

import io.tradeenrichment.kafka.client.KafkaAdmin;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.kafka.client.KafkaOptions;
import io.tradeenrichment.settings.DurationText;
import io.tradeenrichment.settings.SettingsException;
import java.time.Duration;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;

/**
 * Neither another application nor a second copy of the job may use the job's transactional ids. The check lists open
 * transactions only: Kafka remembers an id for a week, and the job uses new ones at every checkpoint.
 */
final class TransactionalIdCheck {
    private static final Duration POLL_INTERVAL = Duration.ofMillis(100);
    /** How long the second copy of the job may take to start its next transactions when a checkpoint is due. */
    private static final Duration CHECKPOINT_DELAY = Duration.ofSeconds(1);

    private static final Set<TransactionState> OPEN =
            Set.of(TransactionState.ONGOING, TransactionState.PREPARE_COMMIT, TransactionState.PREPARE_ABORT);

    private final KafkaAdmin admin;
    private final String prefix;
    private final Duration checkTimeout;

    TransactionalIdCheck(KafkaAdmin admin, KafkaConfig config) {
        this.admin = admin;
        this.prefix = config.sink().transactionalIdPrefix();
        this.checkTimeout = config.connection().checkTimeout();
    }

    /** @throws SettingsException if another application or a second copy of the job uses the prefix */
    void run(Checkpointing checkpointing, Consumer<String> warnings) throws InterruptedException {
        OpenTransactions open;
        try {
            open = openTransactions();
            open.requireNoneOfOthers();
            if (open.own().isPresent()) {
                checkOwn(open, open.own().get(), checkpointing, warnings);
            }
        } catch (AuthorizationException e) {
            warnings.accept(
                    "The job may not list transactions (" + e.getMessage() + "), so it is unknown whether another"
                            + " application uses " + KafkaOptions.TRANSACTIONAL_ID_PREFIX.key() + ".");
            return;
        } catch (KafkaException e) {
            throw KafkaAdmin.failure("the transactions cannot be looked up", e);
        }
        open.withShorterPrefix()
                .ifPresent(id -> warnings.accept("Another application's transactional ids have a prefix with which this"
                        + " job's prefix begins, such as " + id
                        + ": if it uses Flink's POOLING naming strategy, it aborts"
                        + " this job's transactions whenever it starts; set another prefix for one of the two."));
    }

    private void checkOwn(OpenTransactions open, String id, Checkpointing checkpointing, Consumer<String> warnings)
            throws InterruptedException {
        String found = "Transactions of this job are open, such as " + id;
        if (checkpointing.mayRunBesideMain()) {
            warnings.accept(found + ". After a JobManager failover they are its own. If a second copy of the job runs,"
                    + " Kafka fences one of the two; make sure that none runs.");
            return;
        }
        Duration watched = requireNoRunningCopy(open, checkpointing.interval());
        warnings.accept(found + ", but none has started within " + DurationText.of(watched)
                + ", so a failed run has left them. If a second copy of the job runs nevertheless, Kafka fences one of the"
                + " two; make sure that none runs.");
    }

    /**
     * A failed run, too, leaves transactions open. But only a running job starts new ones, at every checkpoint, so this
     * watches for new ones during one checkpoint interval. Returns how long it has watched.
     */
    private Duration requireNoRunningCopy(OpenTransactions before, Duration checkpointInterval)
            throws InterruptedException {
        Duration interval = checkpointInterval.plus(CHECKPOINT_DELAY);
        Duration watched = interval.compareTo(checkTimeout) < 0 ? interval : checkTimeout;
        long deadline = System.nanoTime() + watched.toNanos();
        while (System.nanoTime() < deadline) {
            Thread.sleep(POLL_INTERVAL.toMillis());
            openTransactions().requireNoneStartedSince(before);
        }
        return watched;
    }

    private OpenTransactions openTransactions() throws InterruptedException {
        var open = new ListTransactionsOptions().filterStates(OPEN);
        return new OpenTransactions(
                prefix,
                admin.await(admin.client().listTransactions(open).all()).stream()
                        .map(TransactionListing::transactionalId)
                        .toList());
    }
}
