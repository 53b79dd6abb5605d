package io.tradeenrichment.cli.tools;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tradeenrichment.codec.DatumReader;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.kafka.sink.DeadLetter;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * A record as JSON: topic, partition and offset, then every column of an enriched trade or every header of a dead letter.
 * Decimals are strings, so that no reader turns them into binary fractions; bytes are base64.
 */
final class JsonLine implements RecordLine {
    private final String deadLettersTopic;
    private final DatumReader enrichedTrades;
    /** ASCII only: no value can send control characters to a terminal or change the direction of the text. */
    private final ObjectMapper json =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private final GenericDatumReader<GenericRecord> avro;

    /** @param schema of the enriched trades */
    JsonLine(String deadLettersTopic, DatumReader enrichedTrades, Schema schema) {
        this.avro = new GenericDatumReader<>(schema, schema, logicalTypes());
        this.deadLettersTopic = deadLettersTopic;
        this.enrichedTrades = enrichedTrades;
    }

    @Override
    public String of(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("topic", record.topic());
        line.put("partition", record.partition());
        line.put("offset", record.offset());
        line.put("timestamp", record.timestamp());
        if (record.topic().equals(deadLettersTopic)) {
            deadLetter(DeadLetter.of(record), line);
            line.put("key", record.key());
            line.put("value", record.value());
        } else {
            enrichedTrade(record.value(), line);
        }
        try {
            return json.writeValueAsString(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts, numbers and bytes cannot be written as JSON", e);
        }
    }

    private static void deadLetter(DeadLetter letter, Map<String, @Nullable Object> line) {
        line.put("reason", letter.reason());
        line.put("message", letter.message());
        line.put("from_topic", letter.topic());
        line.put("from_partition", letter.partition());
        line.put("from_offset", letter.offset());
        line.put("omitted", letter.omitted());
    }

    private void enrichedTrade(byte @Nullable [] value, Map<String, @Nullable Object> line)
            throws InterruptedException {
        try {
            if (value == null) {
                throw new IOException("it has no value");
            }
            enrichedTrades.wrap(value);
            int start = enrichedTrades.start();
            byte[] bytes = enrichedTrades.bytes();
            GenericRecord trade =
                    avro.read(null, DecoderFactory.get().binaryDecoder(bytes, start, bytes.length - start, null));
            fields(trade, line);
        } catch (DecodeException | IOException | RuntimeException e) {
            line.put("unreadable", String.valueOf(e.getMessage()));
            line.put("value", value);
        }
    }

    private static void fields(IndexedRecord record, Map<String, @Nullable Object> into) {
        for (Schema.Field field : record.getSchema().getFields()) {
            into.put(field.name(), plain(record.get(field.pos())));
        }
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        if (value instanceof IndexedRecord record) {
            Map<String, @Nullable Object> nested = new LinkedHashMap<>();
            fields(record, nested);
            return nested;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> entries = new LinkedHashMap<>();
            map.forEach((key, entry) -> entries.put(key.toString(), plain(entry)));
            return entries;
        }
        if (value instanceof Collection<?> items) {
            List<@Nullable Object> plain = new ArrayList<>();
            items.forEach(item -> plain.add(plain(item)));
            return plain;
        }
        if (value instanceof GenericFixed fixed) {
            return fixed.bytes();
        }
        return value == null || value instanceof Number || value instanceof Boolean || value instanceof ByteBuffer
                ? value
                : value.toString();
    }

    private static GenericData logicalTypes() {
        GenericData data = new GenericData();
        data.addLogicalTypeConversion(new Conversions.DecimalConversion());
        data.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
        data.addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
        data.addLogicalTypeConversion(new TimeConversions.TimestampNanosConversion());
        data.addLogicalTypeConversion(new TimeConversions.DateConversion());
        return data;
    }
}
