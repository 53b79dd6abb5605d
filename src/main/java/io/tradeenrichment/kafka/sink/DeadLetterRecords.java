package io.tradeenrichment.kafka.sink;

import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.kafka.client.RecordOverhead;
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
 * Dead letters as Kafka records: key, value, headers and timestamp of the source record, then headers with the reason,
 * which have the names that Kafka Connect uses.
 *
 * <p>The broker rejects a record that exceeds the topic's limit, and the job would fail again at every restart. So a
 * letter that is too large omits first the source record's headers, then its value, then its key. The header {@value
 * #OMITTED} lists what is omitted, and a counter counts it. Topic, partition and offset in the other headers lead to
 * the original.
 */
final class DeadLetterRecords implements KafkaRecordSerializationSchema<RejectedRecord> {
    static final String CONNECT = "__connect.errors.";
    static final String REASON = "trade-enrichment.reason";
    static final String OMITTED = "trade-enrichment.omitted";

    /** The counters of incomplete letters. */
    static final String WITHOUT_HEADERS = "deadLettersWithoutHeaders";

    static final String WITHOUT_VALUE = "deadLettersWithoutValue";
    static final String WITHOUT_KEY = "deadLettersWithoutKey";

    /** Upper bound of the bytes that a record alone in its batch takes in addition to key, value and headers. */
    private static final int BATCH_OVERHEAD = 100;
    /** Upper bound of the size of the header {@value #OMITTED}. */
    private static final int OMITTED_SIZE = 200;

    private static final String JOB = "trade-enrichment";

    private final KafkaConfig.Topics topics;
    private final int maxSize;
    private transient boolean opened;
    private transient Counter withoutHeaders = new SimpleCounter();
    private transient Counter withoutValue = new SimpleCounter();
    private transient Counter withoutKey = new SimpleCounter();

    /**
     * @param maxSize of a letter alone in its batch, uncompressed, in bytes; at least {@link
     *     RecordOverhead#DEAD_LETTER}
     */
    DeadLetterRecords(KafkaConfig.Topics topics, int maxSize) {
        this.topics = topics;
        this.maxSize = maxSize;
    }

    /**
     * The connector's exactly-once writer opens it twice. Flink reports only the first of two counters with one name.
     */
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
    public ProducerRecord<byte[], byte[]> serialize(RejectedRecord rejected, KafkaSinkContext context, Long timestamp) {
        SourceRecord source = rejected.source();
        long headers = size(source.headers());
        ProducerRecord<byte[], byte[]> letter = letter(source, source.key(), source.value(), true);
        addReason(letter.headers(), rejected, context);
        long added = size(letter.headers()) - headers;
        long available = maxSize - BATCH_OVERHEAD - added;
        if (length(source.key()) + length(source.value()) + headers <= available) {
            return letter;
        }
        return incomplete(rejected, context, headers, available - OMITTED_SIZE);
    }

    /** Includes the key, then the value, then the headers, each if it fits. */
    private ProducerRecord<byte[], byte[]> incomplete(
            RejectedRecord rejected, KafkaSinkContext context, long headers, long available) {
        SourceRecord source = rejected.source();
        long key = length(source.key());
        long value = length(source.value());
        boolean withKey = key <= available;
        long afterKey = withKey ? available - key : available;
        boolean withValue = value <= afterKey;
        long afterValue = withValue ? afterKey - value : afterKey;
        boolean withHeaders = headers <= afterValue;
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
                letter(source, withKey ? source.key() : null, withValue ? source.value() : null, withHeaders);
        addReason(letter.headers(), rejected, context);
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
            SourceRecord source, byte @Nullable [] key, byte @Nullable [] value, boolean withHeaders) {
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(topics.deadLetters(), null, OutputTimestamp.of(source.timestamp()), key, value);
        if (withHeaders) {
            for (Header header : source.headers()) {
                letter.headers().add(header.key(), header.value());
            }
        }
        return letter;
    }

    private void addReason(Headers headers, RejectedRecord rejected, KafkaSinkContext context) {
        SourceRecord source = rejected.source();
        add(headers, CONNECT + "topic", topics.of(source.feed()));
        add(headers, CONNECT + "partition", String.valueOf(source.partition()));
        add(headers, CONNECT + "offset", String.valueOf(source.offset()));
        add(headers, CONNECT + "connector.name", JOB);
        add(headers, CONNECT + "task.id", String.valueOf(context.getParallelInstanceId()));
        add(headers, CONNECT + "stage", stage(rejected.reason()));
        add(headers, CONNECT + "class.name", DeadLetterRecords.class.getName());
        add(headers, CONNECT + "exception.class.name", RejectedRecord.class.getName());
        add(headers, CONNECT + "exception.message", rejected.message());
        add(headers, REASON, rejected.reason().name());
    }

    /** The name of the stage in Kafka Connect. */
    private static String stage(Reason reason) {
        return switch (reason) {
            case WRONG_KEY -> "KEY_CONVERTER";
            case MISSING_INSTRUMENT, MISSING_USER, MISSING_ROW, ENRICHED_TOO_LARGE -> "TRANSFORMATION";
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

    /** The size of a header as Kafka writes it. */
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
