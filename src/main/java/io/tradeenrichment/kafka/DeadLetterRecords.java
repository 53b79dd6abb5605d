package io.tradeenrichment.kafka;

import io.tradeenrichment.model.Header;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.Received;
import io.tradeenrichment.model.Rejection;
import java.nio.charset.StandardCharsets;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters as records: key, value, headers and time as they were received, and after them headers that say why, named
 * as Kafka Connect names its own.
 *
 * <p>A letter that is larger than the topic takes goes without what makes it so, value first, and says so in the header
 * {@value #OMITTED}: the original is still where the other headers say it was. Refused by the broker, it would fail the
 * job again at every restart.
 */
final class DeadLetterRecords implements KafkaRecordSerializationSchema<Rejection> {
    static final String CONNECT = "__connect.errors.";
    static final String REASON = "trade-enrichment.reason";
    static final String OMITTED = "trade-enrichment.omitted";

    /** What a record, alone in its batch, takes beside key, value and headers; rounded up. */
    private static final int RECORD_OVERHEAD = 100;

    private static final int HEADER_OVERHEAD = 10;
    private static final String JOB = "trade-enrichment";

    private final KafkaConfig.Topics topics;
    private final int maxSize;

    /** @param maxSize of a record, in bytes */
    DeadLetterRecords(KafkaConfig.Topics topics, int maxSize) {
        this.topics = topics;
        this.maxSize = maxSize;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(Rejection rejection, KafkaSinkContext context, Long timestamp) {
        Received received = rejection.received();
        ProducerRecord<byte[], byte[]> whole = record(rejection, context, received.key(), received.value(), true, null);
        if (size(whole) <= maxSize) {
            return whole;
        }
        byte[] value = received.value();
        ProducerRecord<byte[], byte[]> withoutValue = record(
                rejection,
                context,
                received.key(),
                null,
                true,
                "value of " + (value == null ? 0 : value.length) + " bytes");
        return size(withoutValue) <= maxSize
                ? withoutValue
                : record(rejection, context, null, null, false, "key, value and headers");
    }

    private ProducerRecord<byte[], byte[]> record(
            Rejection rejection,
            KafkaSinkContext context,
            byte @Nullable [] key,
            byte @Nullable [] value,
            boolean withHeaders,
            @Nullable String omitted) {
        Received received = rejection.received();
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(topics.deadLetters(), null, RecordTimes.written(received.timestamp()), key, value);
        Headers headers = letter.headers();
        if (withHeaders) {
            for (Header header : received.headers()) {
                headers.add(header.key(), header.value());
            }
        }
        add(headers, CONNECT + "topic", topics.of(received.feed()));
        add(headers, CONNECT + "partition", String.valueOf(received.partition()));
        add(headers, CONNECT + "offset", String.valueOf(received.offset()));
        add(headers, CONNECT + "connector.name", JOB);
        add(headers, CONNECT + "task.id", String.valueOf(context.getParallelInstanceId()));
        add(headers, CONNECT + "stage", stage(rejection.reason()));
        add(headers, CONNECT + "class.name", DeadLetterRecords.class.getName());
        add(headers, CONNECT + "exception.class.name", Rejection.class.getName());
        add(headers, CONNECT + "exception.message", rejection.message());
        add(headers, REASON, rejection.reason().name());
        if (omitted != null) {
            add(headers, OMITTED, omitted);
        }
        return letter;
    }

    /** In Connect's words. */
    private static String stage(Reason reason) {
        return switch (reason) {
            case WRONG_KEY -> "KEY_CONVERTER";
            case MISSING_INSTRUMENT, MISSING_USER, ENRICHED_TOO_LARGE -> "TRANSFORMATION";
            default -> "VALUE_CONVERTER";
        };
    }

    private static void add(Headers headers, String name, String text) {
        headers.add(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static long size(ProducerRecord<byte[], byte[]> letter) {
        long size = RECORD_OVERHEAD + length(letter.key()) + length(letter.value());
        for (org.apache.kafka.common.header.Header header : letter.headers()) {
            size += HEADER_OVERHEAD + 3L * header.key().length() + length(header.value());
        }
        return size;
    }

    private static long length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
