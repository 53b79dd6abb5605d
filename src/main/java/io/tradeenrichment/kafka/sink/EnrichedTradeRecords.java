package io.tradeenrichment.kafka.sink;

import io.tradeenrichment.model.EnrichedTrade;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Enriched trades as Kafka records, with the instrument_id as key and the timestamp of the trade's record. */
final class EnrichedTradeRecords implements KafkaRecordSerializationSchema<EnrichedTrade> {
    private final String topic;

    EnrichedTradeRecords(String topic) {
        this.topic = topic;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(EnrichedTrade trade, KafkaSinkContext context, Long timestamp) {
        return new ProducerRecord<>(topic, null, OutputTimestamp.of(trade.timestamp()), trade.key(), trade.value());
    }
}
