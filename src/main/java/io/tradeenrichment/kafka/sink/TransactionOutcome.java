package io.tradeenrichment.kafka.sink;

import java.util.Locale;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.kafka.clients.admin.TransactionDescription;

/**
 * What became of a transaction, as far as Kafka can tell.
 *
 * @param told in words, for people
 */
record TransactionOutcome(Kind kind, String told) {
    enum Kind {
        COMMITTED,
        /** Not decided, or not told: ask again later. */
        OPEN,
        /** Gone, or so long ago that Kafka has forgotten it. */
        LOST
    }

    static TransactionOutcome open(String told) {
        return new TransactionOutcome(Kind.OPEN, told);
    }

    /** Kafka forgets a name that was not used for {@code transactional.id.expiration.ms}, committed or not. */
    static TransactionOutcome forgotten() {
        return new TransactionOutcome(Kind.LOST, "is not known to Kafka any more (transactional.id.expiration.ms)");
    }

    /**
     * @param now what Kafka says of the transaction's name
     * @param ours the transaction as it was when the checkpoint was taken. Names are used once each, so whatever another
     *     producer did under the name, it is not our output that it committed.
     */
    static TransactionOutcome of(TransactionDescription now, KafkaCommittable ours) {
        if (!sameProducer(now, ours)) {
            return new TransactionOutcome(Kind.LOST, "was ended by another producer that took its name");
        }
        return switch (now.state()) {
            case COMPLETE_COMMIT -> new TransactionOutcome(Kind.COMMITTED, "is committed");
            case COMPLETE_ABORT ->
                new TransactionOutcome(
                        Kind.LOST, "was aborted, as it was open for longer than kafka.transaction.timeout");
            case EMPTY -> new TransactionOutcome(Kind.LOST, "holds nothing");
            case ONGOING, PREPARE_COMMIT, PREPARE_ABORT, PREPARE_EPOCH_FENCE, UNKNOWN ->
                open("is in the state " + now.state().toString().toLowerCase(Locale.ROOT));
        };
    }

    /** Whoever takes the name anew raises the epoch by two, or by one after an end that did not raise it (KIP-890). */
    private static boolean sameProducer(TransactionDescription now, KafkaCommittable ours) {
        int raised = now.producerEpoch() - ours.getEpoch();
        return now.producerId() == ours.getProducerId() && (raised == 0 || raised == 1);
    }
}
