package io.tradeenrichment.kafka.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.Header;
import io.tradeenrichment.model.SourceRecord;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class SourceRecordDeserializerTest {
    private static final byte[] KEY = {1, 2};

    @Test
    void keepsEveryPartOfTheRecord() {
        var headers = new RecordHeaders();
        headers.add("a", new byte[] {7}).add("none", null).add("a", new byte[] {8});
        var record = new ConsumerRecord<>(
                "t", 3, 42, 99, TimestampType.CREATE_TIME, 0, 0, KEY, (byte[]) null, headers, Optional.empty());

        SourceRecord source = SourceRecordDeserializer.sourceRecord(Feed.USERS, record);

        assertThat(source).hasToString("users-3@42");
        assertThat(source.timestamp()).isEqualTo(99);
        assertThat(source.key()).isEqualTo(KEY);
        assertThat(source.value()).isNull();
        assertThat(source.headers()).extracting(Header::key).containsExactly("a", "none", "a");
        assertThat(source.headers().get(1).value()).isNull();
    }
}
