package io.tradeenrichment.codec;

import io.tradeenrichment.codec.binary.QuotedText;
import io.tradeenrichment.codec.schema.Fingerprints;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.codec.unit.Unit;
import io.tradeenrichment.codec.unit.UnitAnnotations;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericFixed;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.io.DecoderFactory;
import org.jspecify.annotations.Nullable;

/** Formats an enriched trade as one line. Slow: Apache Avro decodes the whole record. */
public final class EnrichedTradeText {
    /** The fields that are shown of the bundled schema, in this order. Of another schema, all fields are shown. */
    private static final List<String> SHOWN = List.of("trade_id", "user", "trade_px", "side", "instrument");

    private final List<Schema.Field> shown;
    private final GenericDatumReader<GenericRecord> reader;

    /** @param schema of the enriched trades */
    public EnrichedTradeText(Schema schema) {
        boolean bundled = Fingerprints.of(schema) == Fingerprints.of(Schemas.ENRICHED_TRADE);
        this.shown = bundled ? SHOWN.stream().map(schema::getField).toList() : schema.getFields();
        this.reader = new GenericDatumReader<>(schema);
    }

    /**
     * {@code {trade_id: 1, user: "DiamondHands", trade_px: 100, side: BUY, instrument: "SPY271119C00200000"}}
     *
     * @param value the datum, from {@code start} to the end of the array
     */
    public String of(byte[] value, int start) throws IOException {
        return of(reader.read(null, DecoderFactory.get().binaryDecoder(value, start, value.length - start, null)));
    }

    public String of(GenericRecord trade) {
        return record(trade, shown);
    }

    private static String record(IndexedRecord record, List<Schema.Field> fields) {
        return fields.stream()
                .map(field -> field.name() + ": " + value(field, field.schema(), record.get(field.pos())))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    private static String value(Schema.@Nullable Field field, Schema schema, @Nullable Object value) {
        if (schema.isUnion()) {
            return value(field, schema.getTypes().get(GenericData.get().resolveUnion(schema, value)), value);
        }
        if (value instanceof IndexedRecord record) {
            return record(record, record.getSchema().getFields());
        }
        if (value instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .map(entry ->
                            QuotedText.of(entry.getKey()) + ": " + value(null, schema.getValueType(), entry.getValue()))
                    .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof Collection<?> items) {
            return items.stream()
                    .map(item -> value(null, schema.getElementType(), item))
                    .collect(Collectors.joining(", ", "[", "]"));
        }
        if (value instanceof CharSequence) {
            return QuotedText.of(value);
        }
        Unit unit = UnitAnnotations.of(field, schema);
        if (value instanceof ByteBuffer || value instanceof GenericFixed) {
            return bytes(unit, value instanceof ByteBuffer buffer ? bytes(buffer) : ((GenericFixed) value).bytes());
        }
        return value instanceof Number number ? number(unit, number) : String.valueOf(value);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }

    private static String bytes(Unit unit, byte[] bytes) {
        return unit instanceof Unit.Decimal decimal && bytes.length > 0
                ? new BigDecimal(new BigInteger(bytes), decimal.scale())
                        .stripTrailingZeros()
                        .toPlainString()
                : QuotedText.of(HexFormat.of().withUpperCase().formatHex(bytes));
    }

    private static String number(Unit unit, Number number) {
        if (unit instanceof Unit.Date) {
            return LocalDate.EPOCH.plusDays(number.longValue()).toString();
        }
        if (unit instanceof Unit.Timestamp timestamp) {
            ChronoUnit counted = switch (timestamp.resolution()) {
                case MILLIS -> ChronoUnit.MILLIS;
                case MICROS -> ChronoUnit.MICROS;
                case NANOS -> ChronoUnit.NANOS;
            };
            String time = Instant.EPOCH.plus(number.longValue(), counted).toString();
            return timestamp.zone() == Unit.Zone.UTC ? time : time.substring(0, time.length() - 1);
        }
        return number.toString();
    }
}
