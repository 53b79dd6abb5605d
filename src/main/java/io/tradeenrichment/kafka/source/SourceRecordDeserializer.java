package io.tradeenrichment.kafka.source;

import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.Header;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.types.ModelTypes;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;

/** Copies the bytes of a record without decoding them, so that no record can fail the source. */
final class SourceRecordDeserializer implements KafkaRecordDeserializationSchema<SourceRecord> {
    private final Feed feed;

    SourceRecordDeserializer(Feed feed) {
        this.feed = feed;
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<SourceRecord> out) {
        out.collect(sourceRecord(feed, record));
    }

    static SourceRecord sourceRecord(Feed feed, ConsumerRecord<byte[], byte[]> record) {
        return new SourceRecord(
                feed,
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.key(),
                record.value(),
                headers(record.headers()));
    }

    private static List<Header> headers(Headers headers) {
        List<Header> all = List.of();
        for (org.apache.kafka.common.header.Header header : headers) {
            if (all.isEmpty()) {
                all = new ArrayList<>();
            }
            all.add(new Header(header.key(), header.value()));
        }
        return all;
    }

    @Override
    public TypeInformation<SourceRecord> getProducedType() {
        return ModelTypes.SOURCE_RECORD;
    }
}
