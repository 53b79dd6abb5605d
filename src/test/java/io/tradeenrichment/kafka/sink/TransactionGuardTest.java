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
    private static final TransactionOutcome OPEN = TransactionOutcome.open("is in the state ongoing");

    private static final Consumer<CommitRequest<KafkaCommittable>> COMMITS = request -> {};
    private static final Consumer<CommitRequest<KafkaCommittable>> RETRIES = CommitRequest::retryLater;
    private static final Consumer<CommitRequest<KafkaCommittable>> IS_FENCED =
            request -> request.signalFailedWithKnownReason(new ProducerFencedException("fenced"));
    private static final Consumer<CommitRequest<KafkaCommittable>> DOES_NOT_KNOW =
            request -> request.signalFailedWithUnknownReason(new KafkaException("odd"));

    private final SimpleCounter lost = new SimpleCounter();
    private final Map<String, TransactionOutcome> fates = new HashMap<>();
    private final List<Request> requests = new ArrayList<>();
    private final List<String> closed = new ArrayList<>();

    @Test
    void whatTheConnectorCommitsOrTriesAgainIsNotAskedFor() throws Exception {
        request("p.e-0-1", COMMITS);
        request("p.e-0-2", RETRIES);
        commit(0);
        assertThat(said()).containsExactly("nothing", "retry");
    }

    @Test
    void aTransactionThatWasCommittedBeforeTheFailureIsNoLoss() throws Exception {
        request("p.e-0-1", IS_FENCED, COMMITTED);
        request("p.e-1-1", DOES_NOT_KNOW, COMMITTED);
        commit(0);
        assertThat(said()).containsExactly("already committed", "already committed");
        assertThat(lost.getCount()).isZero();
    }

    @Test
    void aLossFailsTheJobInOneSentenceAfterAllElseWasCommitted() {
        request("p.e-0-7", IS_FENCED, LOST);
        request("p.e-0-8", request -> request.signalFailedWithKnownReason(new InvalidTxnStateException("x")), LOST);
        request("p.e-0-9", IS_FENCED, COMMITTED);
        request("p.e-0-10", COMMITS);
        assertThatExceptionOfType(LostTransactions.class)
                .isThrownBy(() -> commit(6))
                .withMessage("Output for the topic enriched between the checkpoints 6 and 8 is lost if the job goes on:"
                        + " the transaction p.e-0-7 was aborted, the transaction p.e-0-8 was aborted; restore the job"
                        + " from a retained checkpoint or savepoint of number 6 or before, and it is written anew, or"
                        + " set kafka.transaction.accept-loss-until to 8 to go on without it"
                        + " (docs/recover.md, Lost transactions)");
        assertThat(lost.getCount()).isEqualTo(2);
        assertThat(said()).containsExactly("nothing", "nothing", "already committed", "nothing");
    }

    @Test
    void aLossThatSomeoneAcceptsIsCountedAndPassed() throws Exception {
        request("p.e-0-7", IS_FENCED, LOST);
        request("p.e-0-8", DOES_NOT_KNOW, LOST);
        commit(8);
        assertThat(said()).containsExactly("given up", "given up");
        assertThat(lost.getCount()).isEqualTo(2);
    }

    @Test
    void whatIsNotDecidedIsTriedAgainAndNeverPassed() throws Exception {
        request("p.e-0-7", IS_FENCED, OPEN);
        commit(100);
        assertThat(said()).containsExactly("retry");
        assertThat(lost.getCount()).isZero();
    }

    @Test
    void whatNeitherTheConnectorNorKafkaCanTellFailsTheTask() {
        request("p.e-0-7", DOES_NOT_KNOW, OPEN);
        assertThatIllegalStateException().isThrownBy(() -> commit(100)).withMessage("failed: odd");
        assertThat(lost.getCount()).isZero();
    }

    @Test
    void aRefusalToTellFailsTheTask() {
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
    void closesTheConnectorsCommitterAndItsOwnClient() throws Exception {
        guard(0).close();
        assertThat(closed).containsExactly("committer", "fates");
    }

    private void request(String id, Consumer<CommitRequest<KafkaCommittable>> committing) {
        requests.add(new Request(new KafkaCommittable(1, (short) 0, id, null), committing));
    }

    private void request(String id, Consumer<CommitRequest<KafkaCommittable>> committing, TransactionOutcome fate) {
        request(id, committing);
        fates.put(id, fate);
    }

    private void commit(long acceptLossUntil) throws Exception {
        guard(acceptLossUntil).commit(List.copyOf(requests));
    }

    private List<String> said() {
        return requests.stream().map(request -> request.said).toList();
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
        OutcomeLookup told = new OutcomeLookup() {
            @Override
            public TransactionOutcome of(KafkaCommittable transaction) {
                TransactionOutcome fate = fates.get(transaction.getTransactionalId());
                if (fate == null) {
                    throw new TransactionalIdAuthorizationException("not for you");
                }
                return fate;
            }

            @Override
            public void close() {
                closed.add("fates");
            }
        };
        return new TransactionGuard(
                committer, told, new TransactionGuard.Guarded("enriched", acceptLossUntil, Duration.ZERO), lost);
    }

    /** As Flink makes them, with a memory. */
    private static final class Request implements CommitRequest<KafkaCommittable> {
        private final KafkaCommittable committable;
        private final Consumer<CommitRequest<KafkaCommittable>> committing;
        private String said = "nothing";

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
            said = "given up";
        }

        @Override
        public void signalFailedWithUnknownReason(Throwable reason) {
            throw new IllegalStateException("failed: " + reason.getMessage(), reason);
        }

        @Override
        public void retryLater() {
            said = "retry";
        }

        @Override
        public void updateAndRetryLater(KafkaCommittable changed) {
            said = "changed";
        }

        @Override
        public void signalAlreadyCommitted() {
            said = "already committed";
        }
    }
}
