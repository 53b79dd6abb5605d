package io.tradeenrichment.kafka;

import org.apache.flink.connector.kafka.sink.KafkaCommittable;

/** Tells what became of transactions. */
interface Fates extends AutoCloseable {
    /** @throws org.apache.kafka.common.KafkaException if it will not be told, however often it is asked */
    Fate of(KafkaCommittable transaction) throws InterruptedException;

    @Override
    void close();
}
