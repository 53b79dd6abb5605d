package io.tradeenrichment.cli.tools;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record of an output topic in one line, whatever its bytes are. */
interface RecordLine {
    /** @throws InterruptedException if it was interrupted while a registry was asked */
    String of(ConsumerRecord<byte[], byte[]> record) throws InterruptedException;
}
