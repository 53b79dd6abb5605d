package io.tradeenrichment.kafka.sink;

import java.util.Locale;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.kafka.clients.admin.TransactionDescription;

/**
 * The outcome of a transaction, as far as Kafka knows it.
 *
 * @param description the rest of a sentence that begins with the transactional id
 */
record TransactionOutcome(Kind kind, String description) {
    enum Kind {
        COMMITTED,
        /** Not decided, or Kafka did not answer: look it up again later. */
        UNDECIDED,
        /** Aborted, or Kafka no longer knows the transactional id. */
        LOST
    }

    static TransactionOutcome undecided(String description) {
        return new TransactionOutcome(Kind.UNDECIDED, description);
    }

    /** Kafka removes an id that was not used for {@code transactional.id.expiration.ms}, whatever its outcome. */
    static TransactionOutcome expired() {
        return new TransactionOutcome(Kind.LOST, "is no longer known to Kafka (transactional.id.expiration.ms)");
    }

    /**
     * @param current the state of the transactional id
     * @param checkpointed the transaction at its checkpoint. The job uses each id once, so a later producer under the
     *     same id cannot have committed this output.
     */
    static TransactionOutcome of(TransactionDescription current, KafkaCommittable checkpointed) {
        if (!isSameProducer(current, checkpointed)) {
            return new TransactionOutcome(Kind.LOST, "was ended by another producer with the same transactional id");
        }
        return switch (current.state()) {
            case COMPLETE_COMMIT -> new TransactionOutcome(Kind.COMMITTED, "is committed");
            case COMPLETE_ABORT ->
                new TransactionOutcome(
                        Kind.LOST, "was aborted, as it was open for longer than kafka.transaction.timeout");
            case EMPTY -> new TransactionOutcome(Kind.LOST, "is empty");
            case ONGOING, PREPARE_COMMIT, PREPARE_ABORT, PREPARE_EPOCH_FENCE, UNKNOWN ->
                undecided("is in the state " + current.state().toString().toLowerCase(Locale.ROOT));
        };
    }

    /** Another producer raises the epoch by two, or by one if the end of the transaction did not raise it (KIP-890). */
    private static boolean isSameProducer(TransactionDescription current, KafkaCommittable checkpointed) {
        int raised = current.producerEpoch() - checkpointed.getEpoch();
        return current.producerId() == checkpointed.getProducerId() && (raised == 0 || raised == 1);
    }
}
