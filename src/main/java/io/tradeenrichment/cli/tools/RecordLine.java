package io.tradeenrichment.cli.tools;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Formats a record of an output topic as one line, whatever its bytes are. */
interface RecordLine {
    /** @throws InterruptedException if interrupted during a registry request */
    String of(ConsumerRecord<byte[], byte[]> record) throws InterruptedException;
}
