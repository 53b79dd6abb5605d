package io.tradeenrichment.registry;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.settings.Failures;
import java.io.Serializable;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;

/**
 * A schema as the registry returns it.
 *
 * @param json the schema, after the schemas that it refers to, in the order of their references
 */
record RegisteredSchema(List<String> json) implements Serializable {
    private static final int MAX_LENGTH = 1 << 20;
    /** Avro's parser and resolver recurse once per level. */
    private static final int MAX_DEPTH = 50;

    RegisteredSchema {
        json = List.copyOf(json);
    }

    /**
     * @param name of the schema in the exception's sentence
     * @throws DecodeException with {@link Reason#INCOMPATIBLE_SCHEMA} if the JSON is not a schema, or it is too large,
     *     too deep or recursive
     */
    Schema parse(String name) throws DecodeException {
        long length = json.stream().mapToLong(String::length).sum();
        if (length > MAX_LENGTH) {
            throw unusable(name, "has " + length + " characters, more than the maximum of " + MAX_LENGTH);
        }
        Schema schema = parsed(name);
        new Depth(name).measure(schema);
        return schema;
    }

    private Schema parsed(String name) throws DecodeException {
        try {
            Schema.Parser parser = Schemas.lenientParser();
            Schema last = null;
            for (String one : json) {
                last = parser.parse(one);
            }
            if (last == null) {
                throw new IllegalStateException("no schema");
            }
            return last;
        } catch (RuntimeException | StackOverflowError e) {
            // Avro throws several types of exceptions for an invalid schema, among them NullPointerException.
            throw unusable(name, "is not an Avro schema: " + Failures.message(e));
        }
    }

    static DecodeException unusable(String name, String reason) {
        return new DecodeException(Reason.INCOMPATIBLE_SCHEMA, name + " " + reason);
    }

    /** Measures the nesting depth. It visits each named type once, however often the schema uses it. */
    private static final class Depth {
        private final String name;
        private final Map<String, Integer> depths = new HashMap<>();
        private final Set<String> open = new HashSet<>();

        Depth(String name) {
            this.name = name;
        }

        int measure(Schema schema) throws DecodeException {
            return switch (schema.getType()) {
                case RECORD -> record(schema);
                case ARRAY -> deeper(measure(schema.getElementType()));
                case MAP -> deeper(measure(schema.getValueType()));
                case UNION -> deeper(deepest(schema.getTypes()));
                default -> 0;
            };
        }

        private int record(Schema schema) throws DecodeException {
            String type = schema.getFullName();
            Integer known = depths.get(type);
            if (known != null) {
                return known;
            }
            if (!open.add(type)) {
                throw unusable(name, "is recursive: its records could be nested without end (" + type + ")");
            }
            int depth = deeper(deepest(
                    schema.getFields().stream().map(Schema.Field::schema).toList()));
            open.remove(type);
            depths.put(type, depth);
            return depth;
        }

        private int deepest(List<Schema> schemas) throws DecodeException {
            int deepest = 0;
            for (Schema schema : schemas) {
                deepest = Math.max(deepest, measure(schema));
            }
            return deepest;
        }

        private int deeper(int depth) throws DecodeException {
            if (depth >= MAX_DEPTH) {
                throw unusable(name, "has more than " + MAX_DEPTH + " levels");
            }
            return depth + 1;
        }
    }
}
