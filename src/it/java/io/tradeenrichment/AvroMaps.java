package io.tradeenrichment;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericEnumSymbol;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.Utf8;

/**
 * Avro's records as maps of plain Java values: nested maps, lists, strings, numbers, decimals, instants. Apache Avro
 * encodes and decodes them.
 */
public final class AvroMaps {
    private static final GenericData DATA = new GenericData();

    static {
        DATA.addLogicalTypeConversion(new Conversions.DecimalConversion());
        DATA.addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
        DATA.addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
    }

    private AvroMaps() {}

    public static byte[] encode(Schema schema, Map<String, Object> record) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<>(schema, DATA).write(toAvro(schema, record), encoder);
        encoder.flush();
        return bytes.toByteArray();
    }

    /** @param start offset of the datum, which ends with the array */
    @SuppressWarnings("unchecked")
    public static Map<String, Object> decode(Schema schema, byte[] bytes, int start) throws IOException {
        var decoder = DecoderFactory.get().binaryDecoder(bytes, start, bytes.length - start, null);
        Object record = new GenericDatumReader<>(schema, schema, DATA).read(null, decoder);
        if (!decoder.isEnd()) {
            throw new IOException("bytes are left after the record");
        }
        return (Map<String, Object>) toPlain(record);
    }

    private static Object toAvro(Schema schema, Object plain) {
        return switch (schema.getType()) {
            case RECORD -> {
                GenericRecordBuilder record = new GenericRecordBuilder(schema);
                ((Map<?, ?>) plain)
                        .forEach((name, value) -> record.set(
                                (String) name,
                                toAvro(schema.getField((String) name).schema(), value)));
                yield record.build();
            }
            case UNION ->
                plain == null
                        ? null
                        : toAvro(
                                schema.getTypes().stream()
                                        .filter(type -> type.getType() != Schema.Type.NULL)
                                        .findFirst()
                                        .orElseThrow(),
                                plain);
            case ENUM -> new GenericData.EnumSymbol(schema, plain);
            default -> plain;
        };
    }

    private static Object toPlain(Object avro) {
        if (avro instanceof GenericRecord record) {
            Map<String, Object> plain = new LinkedHashMap<>();
            for (Schema.Field field : record.getSchema().getFields()) {
                plain.put(field.name(), toPlain(record.get(field.pos())));
            }
            return plain;
        }
        if (avro instanceof Map<?, ?> map) {
            return map.entrySet().stream()
                    .collect(Collectors.toMap(entry -> entry.getKey().toString(), entry -> toPlain(entry.getValue())));
        }
        if (avro instanceof List<?> list) {
            return list.stream().map(AvroMaps::toPlain).toList();
        }
        return avro instanceof Utf8 || avro instanceof GenericEnumSymbol ? avro.toString() : avro;
    }
}
