package io.tradeenrichment.codec.schema;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;

/**
 * The CRC-64-AVRO fingerprints that libraries compute for a schema. The Python library {@code avro} deviates from the
 * canonical form of the specification: it writes a primitive type with properties, such as a logical type, as
 * {@code {"type":"long"}} instead of {@code "long"}, and repeats a fixed type in full each time it is used.
 */
public final class Fingerprints {
    private Fingerprints() {}

    /** As Avro for Java, fastavro and most other libraries compute it. */
    public static long of(Schema schema) {
        return SchemaNormalization.parsingFingerprint64(schema);
    }

    /** As the Python library avro computes it; mostly the same value. */
    public static long ofPython(Schema schema) {
        String form = pythonForm(schema, new HashSet<>());
        return SchemaNormalization.fingerprint64(form.getBytes(StandardCharsets.UTF_8));
    }

    public static Set<Long> allOf(Schema schema) {
        return new LinkedHashSet<>(List.of(of(schema), ofPython(schema)));
    }

    private static String pythonForm(Schema schema, Set<String> named) {
        String type = quoted(schema.getType().getName());
        return switch (schema.getType()) {
            case UNION ->
                schema.getTypes().stream()
                        .map(branch -> pythonForm(branch, named))
                        .collect(Collectors.joining(",", "[", "]"));
            case ARRAY -> "{\"type\":" + type + ",\"items\":" + pythonForm(schema.getElementType(), named) + "}";
            case MAP -> "{\"type\":" + type + ",\"values\":" + pythonForm(schema.getValueType(), named) + "}";
            case FIXED -> named(schema) + ",\"size\":" + schema.getFixedSize() + "}";
            case ENUM ->
                named.add(schema.getFullName())
                        ? named(schema)
                                + schema.getEnumSymbols().stream()
                                        .map(Fingerprints::quoted)
                                        .collect(Collectors.joining(",", ",\"symbols\":[", "]}"))
                        : quoted(schema.getFullName());
            case RECORD ->
                named.add(schema.getFullName())
                        ? named(schema)
                                + schema.getFields().stream()
                                        .map(field -> "{\"name\":" + quoted(field.name()) + ",\"type\":"
                                                + pythonForm(field.schema(), named) + "}")
                                        .collect(Collectors.joining(",", ",\"fields\":[", "]}"))
                        : quoted(schema.getFullName());
            default -> schema.hasProps() ? "{\"type\":" + type + "}" : type;
        };
    }

    private static String named(Schema schema) {
        return "{\"name\":" + quoted(schema.getFullName()) + ",\"type\":"
                + quoted(schema.getType().getName());
    }

    private static String quoted(String name) {
        return "\"" + name + "\"";
    }
}
