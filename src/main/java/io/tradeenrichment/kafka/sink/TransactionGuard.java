package io.tradeenrichment.kafka.sink;

import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.IOUtils;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commits with the connector's committer, and looks up the outcome of each transaction that this committer gives up.
 *
 * <p>The connector gives up in the same way if the transaction was committed before a failure, as after every restart,
 * and if its timeout has aborted it with all its output; in both cases it continues. The guard continues in the first
 * case. In the second the job fails, and fails again whenever it is restored from that checkpoint.
 */
@SuppressWarnings("try") // Flink declares that close may throw InterruptedException.
final class TransactionGuard implements Committer<KafkaCommittable> {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionGuard.class);

    private final Committer<KafkaCommittable> committer;
    private final OutcomeLookup outcomes;
    private final Settings settings;
    private final Counter lost;

    /**
     * @param topic of the output
     * @param acceptLossUntil the last checkpoint whose output may be lost; 0 is none
     * @param retryPause before the commit of an undecided transaction is retried
     */
    record Settings(String topic, long acceptLossUntil, Duration retryPause) implements Serializable {}

    /** @param lost counts lost transactions, including those whose loss is accepted */
    TransactionGuard(Committer<KafkaCommittable> committer, OutcomeLookup outcomes, Settings settings, Counter lost) {
        this.committer = committer;
        this.outcomes = outcomes;
        this.settings = settings;
        this.lost = lost;
    }

    /** @throws LostTransactions after all other transactions are committed */
    @Override
    public void commit(Collection<CommitRequest<KafkaCommittable>> requests) throws IOException, InterruptedException {
        List<InterceptedCommitRequest> intercepted =
                requests.stream().map(InterceptedCommitRequest::new).toList();
        committer.commit(List.copyOf(intercepted));
        SortedMap<String, TransactionOutcome> losses = new TreeMap<>();
        List<InterceptedCommitRequest> undecided = new ArrayList<>();
        for (InterceptedCommitRequest request : intercepted) {
            if (request.hasFailed()) {
                handleFailure(request, losses, undecided);
            }
        }
        if (!losses.isEmpty()) {
            throw new LostTransactions(settings.topic(), losses);
        }
        if (!undecided.isEmpty()) {
            Thread.sleep(settings.retryPause().toMillis());
            undecided.forEach(InterceptedCommitRequest::retry);
        }
    }

    private void handleFailure(
            InterceptedCommitRequest request,
            SortedMap<String, TransactionOutcome> losses,
            List<InterceptedCommitRequest> undecided)
            throws InterruptedException {
        String id = request.getCommittable().getTransactionalId();
        TransactionOutcome outcome = lookUp(request);
        switch (outcome.kind()) {
            case COMMITTED -> {
                LOG.info("The transaction {} was committed earlier; its output is complete", id);
                request.signalAlreadyCommitted();
            }
            case UNDECIDED -> {
                LOG.warn("The transaction {} could not be committed and {}; retrying", id, outcome.description());
                undecided.add(request);
            }
            case LOST -> {
                lost.inc();
                if (LostTransactions.checkpoint(request.getCommittable()) <= settings.acceptLossUntil()) {
                    LOG.error(
                            "The transaction {} {}; its output for {} is lost, which the settings accept",
                            id,
                            outcome.description(),
                            settings.topic());
                    request.giveUp();
                } else {
                    losses.put(id, outcome);
                }
            }
        }
    }

    private TransactionOutcome lookUp(InterceptedCommitRequest request) throws InterruptedException {
        try {
            return outcomes.of(request.getCommittable());
        } catch (KafkaException e) {
            request.failWith(e);
            throw e;
        }
    }

    @Override
    public void close() throws Exception {
        IOUtils.closeAll(committer, outcomes);
    }
}
