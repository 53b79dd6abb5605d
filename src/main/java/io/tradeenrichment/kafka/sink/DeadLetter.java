package io.tradeenrichment.kafka.sink;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a record in the dead-letter topic. A field is null if the record does not have its header, as with
 * records of other applications.
 *
 * @param reason the code of a {@link io.tradeenrichment.model.Reason}
 * @param message one sentence
 * @param topic of the source record, like partition and offset
 * @param omitted the parts of the source record that the letter does not contain, because it would be too large
 */
public record DeadLetter(
        @Nullable String reason,
        @Nullable String message,
        @Nullable String topic,
        @Nullable String partition,
        @Nullable String offset,
        @Nullable String omitted) {

    public static DeadLetter of(ConsumerRecord<byte[], byte[]> letter) {
        return new DeadLetter(
                text(letter, DeadLetterRecords.REASON),
                text(letter, DeadLetterRecords.CONNECT + "exception.message"),
                text(letter, DeadLetterRecords.CONNECT + "topic"),
                text(letter, DeadLetterRecords.CONNECT + "partition"),
                text(letter, DeadLetterRecords.CONNECT + "offset"),
                text(letter, DeadLetterRecords.OMITTED));
    }

    /**
     * The last header of a name; earlier ones belong to the source record, which may have been a dead letter itself.
     */
    private static @Nullable String text(ConsumerRecord<byte[], byte[]> letter, String name) {
        Header header = letter.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
