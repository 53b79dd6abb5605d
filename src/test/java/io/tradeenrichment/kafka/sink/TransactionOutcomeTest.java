package io.tradeenrichment.kafka.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.OptionalLong;
import java.util.Set;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionState;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TransactionOutcomeTest {
    private static final long PRODUCER = 4000;
    private static final short EPOCH = 2;

    /** A broker with KIP-890 raises the epoch by one at the end of a transaction; an older broker does not. */
    @ParameterizedTest
    @CsvSource({
        "COMPLETE_COMMIT, 0, COMMITTED",
        "COMPLETE_COMMIT, 1, COMMITTED",
        "COMPLETE_ABORT, 0, LOST",
        "COMPLETE_ABORT, 1, LOST",
        "EMPTY, 0, LOST",
        "ONGOING, 0, UNDECIDED",
        "PREPARE_COMMIT, 1, UNDECIDED",
        "PREPARE_ABORT, 1, UNDECIDED",
        "PREPARE_EPOCH_FENCE, 1, UNDECIDED",
        "UNKNOWN, 0, UNDECIDED"
    })
    void followsFromTheStateUnderTheSameProducer(TransactionState state, int raised, TransactionOutcome.Kind kind) {
        assertThat(outcome(state, PRODUCER, EPOCH + raised).kind()).isEqualTo(kind);
    }

    @ParameterizedTest
    @EnumSource(TransactionState.class)
    void isLostUnderAnotherProducerInAnyState(TransactionState state) {
        assertThat(outcome(state, PRODUCER, EPOCH + 2).kind()).isEqualTo(TransactionOutcome.Kind.LOST);
        assertThat(outcome(state, PRODUCER, EPOCH - 1).kind()).isEqualTo(TransactionOutcome.Kind.LOST);
        assertThat(outcome(state, PRODUCER + 1, EPOCH).kind()).isEqualTo(TransactionOutcome.Kind.LOST);
    }

    private static TransactionOutcome outcome(TransactionState state, long producer, int epoch) {
        return TransactionOutcome.of(
                new TransactionDescription(1, state, producer, epoch, 60_000, OptionalLong.empty(), Set.of()),
                new KafkaCommittable(PRODUCER, EPOCH, "p.e-0-7", null));
    }
}
