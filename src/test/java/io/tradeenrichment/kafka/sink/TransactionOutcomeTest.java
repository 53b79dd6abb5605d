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

    /** A broker that ends a transaction by KIP-890 raises the epoch by one; an older one leaves it. */
    @ParameterizedTest
    @CsvSource({
        "COMPLETE_COMMIT, 0, COMMITTED",
        "COMPLETE_COMMIT, 1, COMMITTED",
        "COMPLETE_ABORT, 0, LOST",
        "COMPLETE_ABORT, 1, LOST",
        "EMPTY, 0, LOST",
        "ONGOING, 0, OPEN",
        "PREPARE_COMMIT, 1, OPEN",
        "PREPARE_ABORT, 1, OPEN",
        "PREPARE_EPOCH_FENCE, 1, OPEN",
        "UNKNOWN, 0, OPEN"
    })
    void isToldByTheStateWhileTheNameIsOurs(TransactionState state, int raised, TransactionOutcome.Kind fate) {
        assertThat(fate(state, PRODUCER, EPOCH + raised).kind()).isEqualTo(fate);
    }

    @ParameterizedTest
    @EnumSource(TransactionState.class)
    void isLostWhateverAnotherProducerDidUnderTheName(TransactionState state) {
        assertThat(fate(state, PRODUCER, EPOCH + 2).kind()).isEqualTo(TransactionOutcome.Kind.LOST);
        assertThat(fate(state, PRODUCER, EPOCH - 1).kind()).isEqualTo(TransactionOutcome.Kind.LOST);
        assertThat(fate(state, PRODUCER + 1, EPOCH).kind()).isEqualTo(TransactionOutcome.Kind.LOST);
    }

    private static TransactionOutcome fate(TransactionState state, long producer, int epoch) {
        return TransactionOutcome.of(
                new TransactionDescription(1, state, producer, epoch, 60_000, OptionalLong.empty(), Set.of()),
                new KafkaCommittable(PRODUCER, EPOCH, "p.e-0-7", null));
    }
}
