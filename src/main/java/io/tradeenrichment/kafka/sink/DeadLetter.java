package io.tradeenrichment.kafka.sink;

import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/**
 * What the headers of a dead letter say, read back from its topic; key and value are those that were received. Whoever else writes there may leave headers out: what they would say
 * is then null.
 *
 * @param reason the code of a {@link io.tradeenrichment.model.Reason}
 * @param message one sentence
 * @param topic where the record came from, with its partition and offset, as text
 * @param omitted what the letter had to go without, because it was too large
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

    /** The last of that name: those before it are the record's own, perhaps from an earlier death. */
    private static @Nullable String text(ConsumerRecord<byte[], byte[]> letter, String name) {
        Header header = letter.headers().lastHeader(name);
        return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
    }
}
