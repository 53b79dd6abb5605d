package io.tradeenrichment.kafka.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.model.EnrichedTrade;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class EnrichedTradeRecordsTest {
    private final EnrichedTradeRecords records = new EnrichedTradeRecords("e");

    @Test
    void hasTheTradesKeyAndTimestamp() {
        ProducerRecord<byte[], byte[]> record =
                records.serialize(new EnrichedTrade(new byte[] {1, 2}, 77, new byte[] {5}), new SinkContext(), null);

        assertThat(record.topic()).isEqualTo("e");
        assertThat(record.partition()).isNull();
        assertThat(record.timestamp()).isEqualTo(77);
        assertThat(record.key()).containsExactly(1, 2);
        assertThat(record.value()).containsExactly(5);
    }

    @Test
    void leavesANegativeTimestampToTheProducer() {
        assertThat(records.serialize(new EnrichedTrade(null, -1, new byte[0]), new SinkContext(), null)
                        .timestamp())
                .isNull();
    }
}
