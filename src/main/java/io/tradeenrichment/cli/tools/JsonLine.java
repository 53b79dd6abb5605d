package io.tradeenrichment.cli.tools;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tradeenrichment.codec.DatumReader;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.kafka.sink.DeadLetter;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
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

    private final GenericDatumReader<GenericRecord> avro =
            new GenericDatumReader<>(Schemas.ENRICHED_TRADE, Schemas.ENRICHED_TRADE, logicalTypes());

    JsonLine(String deadLettersTopic, DatumReader enrichedTrades) {
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
            for (Schema.Field field : Schemas.ENRICHED_TRADE.getFields()) {
                line.put(field.name(), plain(trade.get(field.pos())));
            }
        } catch (DecodeException | IOException | RuntimeException e) {
            line.put("unreadable", String.valueOf(e.getMessage()));
            line.put("value", value);
        }
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        return value == null || value instanceof Number ? value : value.toString();
    }

    private static GenericData logicalTypes() {
        GenericData data = new GenericData();
        data.addLogicalTypeConversion(new Conversions.DecimalConversion());
        data.addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
        data.addLogicalTypeConversion(new TimeConversions.DateConversion());
        return data;
    }
}
