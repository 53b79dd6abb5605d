package io.tradeenrichment.kafka.sink;

import org.apache.flink.connector.kafka.sink.KafkaCommittable;

/** Looks up the outcomes of transactions. */
interface OutcomeLookup extends AutoCloseable {
    /** @throws org.apache.kafka.common.KafkaException if the lookup fails and a retry would fail too */
    TransactionOutcome of(KafkaCommittable transaction) throws InterruptedException;

    @Override
    void close();
}
