package io.tradeenrichment.kafka.sink;

import io.tradeenrichment.kafka.source.RecordTimes;
import io.tradeenrichment.model.EnrichedTrade;
import java.nio.ByteBuffer;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Enriched trades as records: by instrument, with the time of the trade's own record. */
public final class EnrichedTradeRecords implements KafkaRecordSerializationSchema<EnrichedTrade> {
    private final String topic;

    public EnrichedTradeRecords(String topic) {
        this.topic = topic;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(EnrichedTrade trade, KafkaSinkContext context, Long timestamp) {
        return new ProducerRecord<>(
                topic,
                null,
                RecordTimes.written(trade.timestamp()),
                ByteBuffer.allocate(Long.BYTES).putLong(trade.instrumentId()).array(),
                trade.value());
    }
}
