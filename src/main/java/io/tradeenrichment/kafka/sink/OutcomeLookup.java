package io.tradeenrichment.kafka.sink;

import org.apache.flink.connector.kafka.sink.KafkaCommittable;

/** Tells what became of transactions. */
interface OutcomeLookup extends AutoCloseable {
    /** @throws org.apache.kafka.common.KafkaException if it will not be told, however often it is asked */
    TransactionOutcome of(KafkaCommittable transaction) throws InterruptedException;

    @Override
    void close();
}
