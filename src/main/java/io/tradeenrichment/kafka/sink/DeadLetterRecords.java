package io.tradeenrichment.kafka.sink;

import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.kafka.source.RecordTimes;
import io.tradeenrichment.model.Header;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.RejectedRecord;
import io.tradeenrichment.model.SourceRecord;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.serialization.SerializationSchema;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.SimpleCounter;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.ByteUtils;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/**
 * Dead letters as records: key, value, headers and time as they were received, and after them headers that say why, named
 * as Kafka Connect names its own.
 *
 * <p>A letter that is larger than the topic takes gives up the record's headers before its value, and its value before
 * its key. It says so in the header {@value #OMITTED}, and a counter says so too: the original is still where the other
 * headers say it was. Rejected by the broker, it would fail the job again at every restart.
 */
public final class DeadLetterRecords implements KafkaRecordSerializationSchema<RejectedRecord> {
    static final String CONNECT = "__connect.errors.";
    static final String REASON = "trade-enrichment.reason";
    static final String OMITTED = "trade-enrichment.omitted";

    /** Counters of the letters that were written without a part of the record. */
    static final String WITHOUT_HEADERS = "deadLettersWithoutHeaders";

    static final String WITHOUT_VALUE = "deadLettersWithoutValue";
    static final String WITHOUT_KEY = "deadLettersWithoutKey";

    /**
     * What a letter may take beyond the record that it carries, in bytes; rounded up. The longest sentence has 1,000
     * characters of three bytes, the longest topic name 249, and all else together less than 2,000 bytes.
     */
    public static final int ROOM = 8 << 10;

    /** What a record, alone in its batch, takes beside key, value and headers; rounded up. */
    private static final int RECORD_OVERHEAD = 100;
    /** The header {@value #OMITTED} at its longest; rounded up. */
    private static final int OMITTED_SIZE = 200;

    private static final String JOB = "trade-enrichment";

    private final KafkaConfig.Topics topics;
    private final int maxSize;
    private transient boolean opened;
    private transient Counter withoutHeaders = new SimpleCounter();
    private transient Counter withoutValue = new SimpleCounter();
    private transient Counter withoutKey = new SimpleCounter();

    /** @param maxSize of a record alone in its batch, uncompressed, in bytes; at least {@link #ROOM} */
    public DeadLetterRecords(KafkaConfig.Topics topics, int maxSize) {
        this.topics = topics;
        this.maxSize = maxSize;
    }

    /** The connector's exactly-once writer opens it twice, but of two counters with one name, only the first is reported. */
    @Override
    public void open(SerializationSchema.InitializationContext context, KafkaSinkContext sink) {
        if (opened) {
            return;
        }
        opened = true;
        MetricGroup metrics = context.getMetricGroup();
        withoutHeaders = metrics.counter(WITHOUT_HEADERS);
        withoutValue = metrics.counter(WITHOUT_VALUE);
        withoutKey = metrics.counter(WITHOUT_KEY);
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            RejectedRecord rejection, KafkaSinkContext context, Long timestamp) {
        SourceRecord received = rejection.source();
        long headers = size(received.headers());
        ProducerRecord<byte[], byte[]> letter = letter(received, received.key(), received.value(), true);
        addReason(letter.headers(), rejection, context);
        long own = size(letter.headers()) - headers;
        long left = maxSize - RECORD_OVERHEAD - own;
        if (length(received.key()) + length(received.value()) + headers <= left) {
            return letter;
        }
        return incomplete(rejection, context, headers, left - OMITTED_SIZE);
    }

    /** What matters most comes first: the key, then the value, then the headers, each if there is room left for it. */
    private ProducerRecord<byte[], byte[]> incomplete(
            RejectedRecord rejection, KafkaSinkContext context, long headers, long left) {
        SourceRecord received = rejection.source();
        long key = length(received.key());
        long value = length(received.value());
        boolean withKey = key <= left;
        long besideKey = withKey ? left - key : left;
        boolean withValue = value <= besideKey;
        long besideValue = withValue ? besideKey - value : besideKey;
        boolean withHeaders = headers <= besideValue;
        StringBuilder omitted = new StringBuilder();
        if (!withHeaders) {
            withoutHeaders.inc();
            omit(omitted, "headers", headers);
        }
        if (!withValue) {
            withoutValue.inc();
            omit(omitted, "value", value);
        }
        if (!withKey) {
            withoutKey.inc();
            omit(omitted, "key", key);
        }
        ProducerRecord<byte[], byte[]> letter =
                letter(received, withKey ? received.key() : null, withValue ? received.value() : null, withHeaders);
        addReason(letter.headers(), rejection, context);
        add(letter.headers(), OMITTED, omitted.toString());
        return letter;
    }

    private static void omit(StringBuilder omitted, String part, long size) {
        omitted.append(omitted.isEmpty() ? "" : ", ")
                .append(part)
                .append(" of ")
                .append(size)
                .append(" bytes");
    }

    private ProducerRecord<byte[], byte[]> letter(
            SourceRecord received, byte @Nullable [] key, byte @Nullable [] value, boolean withHeaders) {
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(topics.deadLetters(), null, RecordTimes.written(received.timestamp()), key, value);
        if (withHeaders) {
            for (Header header : received.headers()) {
                letter.headers().add(header.key(), header.value());
            }
        }
        return letter;
    }

    private void addReason(Headers headers, RejectedRecord rejection, KafkaSinkContext context) {
        SourceRecord received = rejection.source();
        add(headers, CONNECT + "topic", topics.of(received.feed()));
        add(headers, CONNECT + "partition", String.valueOf(received.partition()));
        add(headers, CONNECT + "offset", String.valueOf(received.offset()));
        add(headers, CONNECT + "connector.name", JOB);
        add(headers, CONNECT + "task.id", String.valueOf(context.getParallelInstanceId()));
        add(headers, CONNECT + "stage", stage(rejection.reason()));
        add(headers, CONNECT + "class.name", DeadLetterRecords.class.getName());
        add(headers, CONNECT + "exception.class.name", RejectedRecord.class.getName());
        add(headers, CONNECT + "exception.message", rejection.message());
        add(headers, REASON, rejection.reason().name());
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

    private static long size(Iterable<Header> headers) {
        long size = 0;
        for (Header header : headers) {
            size += size(header.key(), header.value());
        }
        return size;
    }

    private static long size(Headers headers) {
        long size = 0;
        for (org.apache.kafka.common.header.Header header : headers) {
            size += size(header.key(), header.value());
        }
        return size;
    }

    /** Of a header, as Kafka writes it. */
    private static long size(String key, byte @Nullable [] value) {
        int name = Utils.utf8Length(key);
        return (long) ByteUtils.sizeOfVarint(name)
                + name
                + ByteUtils.sizeOfVarint(value == null ? -1 : value.length)
                + length(value);
    }

    private static long length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
