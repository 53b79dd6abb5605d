package io.tradeenrichment.codec.layout;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.jspecify.annotations.Nullable;

/**
 * Fingerprints of what the job reads from a schema. Avro's fingerprint ignores units; this one includes every property, but
 * no doc, alias or default.
 */
final class LayoutFingerprint {
    private LayoutFingerprint() {}

    static long of(String... parts) {
        return SchemaNormalization.fingerprint64(String.join("\n", parts).getBytes(StandardCharsets.UTF_8));
    }

    static String text(Schema schema) {
        return text(null, schema, new HashSet<>());
    }

    static String text(Schema.Field field) {
        return text(field, field.schema(), new HashSet<>());
    }

    private static String text(Schema.@Nullable Field field, Schema schema, Set<String> named) {
        return (field == null ? "" : properties(field)) + properties(schema) + type(schema, named);
    }

    private static String type(Schema schema, Set<String> named) {
        return switch (schema.getType()) {
            case UNION ->
                schema.getTypes().stream()
                        .map(branch -> text(null, branch, named))
                        .collect(Collectors.joining(",", "[", "]"));
            case ARRAY -> "array " + text(null, schema.getElementType(), named);
            case MAP -> "map " + text(null, schema.getValueType(), named);
            case FIXED -> schema.getFullName() + " fixed " + schema.getFixedSize();
            case ENUM -> schema.getFullName() + " enum " + schema.getEnumSymbols();
            case RECORD ->
                named.add(schema.getFullName())
                        ? schema.getFields().stream()
                                .map(field -> field.name() + ":" + text(field, field.schema(), named))
                                .collect(Collectors.joining(",", schema.getFullName() + " {", "}"))
                        : schema.getFullName();
            default -> schema.getType().getName();
        };
    }

    private static String properties(JsonProperties annotated) {
        return annotated.hasProps() ? new TreeMap<>(annotated.getObjectProps()) + " " : "";
    }
}
