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
 * Commits by the connector's own committer, and where that gives a transaction up, finds out what became of it.
 *
 * <p>The connector gives up in the same way whether the transaction was committed before the failure, as it finds at every
 * restart, or was aborted by its timeout, with all that it held. It goes on after both. The guard goes on after the first;
 * after the second the job fails, and fails again whenever it is restored from that checkpoint.
 */
@SuppressWarnings("try")
public // close() throws what Flink lets a committer throw
final class TransactionGuard implements Committer<KafkaCommittable> {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionGuard.class);

    private final Committer<KafkaCommittable> committer;
    private final OutcomeLookup fates;
    private final Guarded guarded;
    private final Counter lost;

    /**
     * What is guarded, and how.
     *
     * @param topic that the output goes to
     * @param acceptLossUntil the last checkpoint whose output may be lost; 0 is none
     * @param pause before an undecided transaction is asked for again
     */
    public record Guarded(String topic, long acceptLossUntil, Duration pause) implements Serializable {}

    /** @param lost counts transactions that are gone, accepted ones too */
    TransactionGuard(Committer<KafkaCommittable> committer, OutcomeLookup fates, Guarded guarded, Counter lost) {
        this.committer = committer;
        this.fates = fates;
        this.guarded = guarded;
        this.lost = lost;
    }

    /** @throws LostTransactions after everything was committed that can be */
    @Override
    public void commit(Collection<CommitRequest<KafkaCommittable>> requests) throws IOException, InterruptedException {
        List<InterceptedCommitRequest> heard =
                requests.stream().map(InterceptedCommitRequest::new).toList();
        committer.commit(List.copyOf(heard));
        SortedMap<String, TransactionOutcome> losses = new TreeMap<>();
        List<InterceptedCommitRequest> undecided = new ArrayList<>();
        for (InterceptedCommitRequest request : heard) {
            if (request.hasFailed()) {
                judge(request, losses, undecided);
            }
        }
        if (!losses.isEmpty()) {
            throw new LostTransactions(guarded.topic(), losses);
        }
        if (!undecided.isEmpty()) {
            Thread.sleep(guarded.pause().toMillis());
            undecided.forEach(InterceptedCommitRequest::tryAgain);
        }
    }

    private void judge(
            InterceptedCommitRequest request,
            SortedMap<String, TransactionOutcome> losses,
            List<InterceptedCommitRequest> undecided)
            throws InterruptedException {
        String id = request.getCommittable().getTransactionalId();
        TransactionOutcome fate = ask(request);
        switch (fate.kind()) {
            case COMMITTED -> {
                LOG.info("The transaction {} had been committed before; nothing of it is lost", id);
                request.signalAlreadyCommitted();
            }
            case OPEN -> {
                LOG.warn("The transaction {} could not be committed and {}; trying again", id, fate.told());
                undecided.add(request);
            }
            case LOST -> {
                lost.inc();
                if (LostTransactions.checkpoint(request.getCommittable()) <= guarded.acceptLossUntil()) {
                    LOG.error(
                            "The transaction {} {}; its output for {} is lost, and accepted to be",
                            id,
                            fate.told(),
                            guarded.topic());
                    request.giveUp();
                } else {
                    losses.put(id, fate);
                }
            }
        }
    }

    private TransactionOutcome ask(InterceptedCommitRequest request) throws InterruptedException {
        try {
            return fates.of(request.getCommittable());
        } catch (KafkaException e) {
            request.failWith(e);
            throw e;
        }
    }

    @Override
    public void close() throws Exception {
        IOUtils.closeAll(committer, fates);
    }
}
