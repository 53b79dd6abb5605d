package io.tradeenrichment.kafka.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.Committer.CommitRequest;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTxnStateException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.junit.jupiter.api.Test;

class TransactionGuardTest {
    private static final TransactionOutcome COMMITTED =
            new TransactionOutcome(TransactionOutcome.Kind.COMMITTED, "is committed");
    private static final TransactionOutcome LOST = new TransactionOutcome(TransactionOutcome.Kind.LOST, "was aborted");
    private static final TransactionOutcome UNDECIDED = TransactionOutcome.undecided("is in the state ongoing");

    private static final Consumer<CommitRequest<KafkaCommittable>> COMMITS = request -> {};
    private static final Consumer<CommitRequest<KafkaCommittable>> RETRIES = CommitRequest::retryLater;
    private static final Consumer<CommitRequest<KafkaCommittable>> IS_FENCED =
            request -> request.signalFailedWithKnownReason(new ProducerFencedException("fenced"));
    private static final Consumer<CommitRequest<KafkaCommittable>> FAILS_UNEXPECTEDLY =
            request -> request.signalFailedWithUnknownReason(new KafkaException("odd"));

    private final SimpleCounter lost = new SimpleCounter();
    private final Map<String, TransactionOutcome> outcomes = new HashMap<>();
    private final List<Request> requests = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();

    @Test
    void looksUpNoTransactionThatTheConnectorCommitsOrRetries() throws Exception {
        request("p.e-0-1", COMMITS);
        request("p.e-0-2", RETRIES);
        commit(0);
        assertThat(signals()).containsExactly("nothing", "retry");
    }

    @Test
    void signalsATransactionThatWasCommittedEarlier() throws Exception {
        request("p.e-0-1", IS_FENCED, COMMITTED);
        request("p.e-1-1", FAILS_UNEXPECTEDLY, COMMITTED);
        commit(0);
        assertThat(signals()).containsExactly("already committed", "already committed");
        assertThat(lost.getCount()).isZero();
    }

    @Test
    void failsWithASentenceAfterCommittingAllOthers() {
        request("p.e-0-7", IS_FENCED, LOST);
        request("p.e-0-8", request -> request.signalFailedWithKnownReason(new InvalidTxnStateException("x")), LOST);
        request("p.e-0-9", IS_FENCED, COMMITTED);
        request("p.e-0-10", COMMITS);
        assertThatExceptionOfType(LostTransactions.class)
                .isThrownBy(() -> commit(6))
                .withMessage(
                        "Output for the topic enriched between the checkpoints 6 and 8 is lost if the job continues:"
                                + " the transaction p.e-0-7 was aborted, the transaction p.e-0-8 was aborted; restore the job"
                                + " from a retained checkpoint or savepoint with the number 6 or a lower one to write the output"
                                + " again, or set kafka.transaction.accept-loss-until to 8 to continue without it"
                                + " (docs/recover.md, Lost transactions)");
        assertThat(lost.getCount()).isEqualTo(2);
        assertThat(signals()).containsExactly("nothing", "nothing", "already committed", "nothing");
    }

    @Test
    void countsAnAcceptedLossAndContinues() throws Exception {
        request("p.e-0-7", IS_FENCED, LOST);
        request("p.e-0-8", FAILS_UNEXPECTEDLY, LOST);
        commit(8);
        assertThat(signals()).containsExactly("given up", "given up");
        assertThat(lost.getCount()).isEqualTo(2);
    }

    @Test
    void retriesAnUndecidedTransaction() throws Exception {
        request("p.e-0-7", IS_FENCED, UNDECIDED);
        commit(100);
        assertThat(signals()).containsExactly("retry");
        assertThat(lost.getCount()).isZero();
    }

    @Test
    void failsTheTaskOnAnUnexpectedFailureOfAnUndecidedTransaction() {
        request("p.e-0-7", FAILS_UNEXPECTEDLY, UNDECIDED);
        assertThatIllegalStateException().isThrownBy(() -> commit(100)).withMessage("failed: odd");
        assertThat(lost.getCount()).isZero();
    }

    @Test
    void failsTheTaskIfTheLookupFails() {
        request("p.e-0-7", IS_FENCED);
        assertThatIllegalStateException()
                .isThrownBy(() -> commit(100))
                .withMessage("failed: fenced")
                .satisfies(e -> assertThat(e.getCause().getSuppressed())
                        .singleElement()
                        .isInstanceOf(TransactionalIdAuthorizationException.class));
        assertThat(lost.getCount()).isZero();
    }

    @Test
    void closesTheConnectorsCommitterAndTheLookup() throws Exception {
        guard(0).close();
        assertThat(closed).containsExactly("committer", "lookup");
    }

    private void request(String id, Consumer<CommitRequest<KafkaCommittable>> committing) {
        requests.add(new Request(new KafkaCommittable(1, (short) 0, id, null), committing));
    }

    private void request(String id, Consumer<CommitRequest<KafkaCommittable>> committing, TransactionOutcome outcome) {
        request(id, committing);
        outcomes.put(id, outcome);
    }

    private void commit(long acceptLossUntil) throws Exception {
        guard(acceptLossUntil).commit(List.copyOf(requests));
    }

    private List<String> signals() {
        return requests.stream().map(request -> request.signal).toList();
    }

    private TransactionGuard guard(long acceptLossUntil) {
        Committer<KafkaCommittable> committer = new Committer<>() {
            @Override
            public void commit(Collection<CommitRequest<KafkaCommittable>> all) {
                for (CommitRequest<KafkaCommittable> one : all) {
                    requests.stream()
                            .filter(request -> request.committable.equals(one.getCommittable()))
                            .forEach(request -> request.committing.accept(one));
                }
            }

            @Override
            public void close() {
                closed.add("committer");
            }
        };
        OutcomeLookup lookup = new OutcomeLookup() {
            @Override
            public TransactionOutcome of(KafkaCommittable transaction) {
                TransactionOutcome outcome = outcomes.get(transaction.getTransactionalId());
                if (outcome == null) {
                    throw new TransactionalIdAuthorizationException("not for you");
                }
                return outcome;
            }

            @Override
            public void close() {
                closed.add("lookup");
            }
        };
        return new TransactionGuard(
                committer, lookup, new TransactionGuard.Settings("enriched", acceptLossUntil, Duration.ZERO), lost);
    }

    /** Records what is signalled. */
    private static final class Request implements CommitRequest<KafkaCommittable> {
        private final KafkaCommittable committable;
        private final Consumer<CommitRequest<KafkaCommittable>> committing;
        private String signal = "nothing";

        Request(KafkaCommittable committable, Consumer<CommitRequest<KafkaCommittable>> committing) {
            this.committable = committable;
            this.committing = committing;
        }

        @Override
        public KafkaCommittable getCommittable() {
            return committable;
        }

        @Override
        public int getNumberOfRetries() {
            return 0;
        }

        @Override
        public void signalFailedWithKnownReason(Throwable reason) {
            signal = "given up";
        }

        @Override
        public void signalFailedWithUnknownReason(Throwable reason) {
            throw new IllegalStateException("failed: " + reason.getMessage(), reason);
        }

        @Override
        public void retryLater() {
            signal = "retry";
        }

        @Override
        public void updateAndRetryLater(KafkaCommittable changed) {
            signal = "changed";
        }

        @Override
        public void signalAlreadyCommitted() {
            signal = "already committed";
        }
    }
}
