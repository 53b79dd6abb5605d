package io.tradeenrichment.registry;

import io.tradeenrichment.codec.DecodeException;
import io.tradeenrichment.codec.Schemas;
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
 * A schema as a registry gives it.
 *
 * @param json the schemas that it refers to, each before the first that needs it, and at the end itself
 */
record RegisteredSchema(List<String> json) implements Serializable {
    /** Far beyond any schema of a record; Avro's parser and resolver go as deep as the schema does. */
    private static final int LONGEST = 1 << 20;

    private static final int DEEPEST = 50;

    RegisteredSchema {
        json = List.copyOf(json);
    }

    /**
     * @param name whose schema it is, to begin a sentence with
     * @throws DecodeException with {@link Reason#INCOMPATIBLE_SCHEMA} if it is no schema, or one that is not safe to read with
     */
    Schema parse(String name) throws DecodeException {
        long length = json.stream().mapToLong(String::length).sum();
        if (length > LONGEST) {
            throw unusable(name, "has " + length + " characters, more than the " + LONGEST + " that are read");
        }
        Schema schema = parsed(name);
        new Shape(name).measure(schema);
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
                throw new IllegalStateException("a schema without a text");
            }
            return last;
        } catch (RuntimeException | StackOverflowError e) {
            // Avro has one exception for broken syntax, others for a wrong default or a duplicate, and none for some.
            throw unusable(name, "is no Avro schema: " + Failures.message(e));
        }
    }

    static DecodeException unusable(String name, String why) {
        return new DecodeException(Reason.INCOMPATIBLE_SCHEMA, name + " " + why);
    }

    /** How deep the records go. Each named type is measured once, however often it is used. */
    private static final class Shape {
        private final String name;
        private final Map<String, Integer> depths = new HashMap<>();
        private final Set<String> open = new HashSet<>();

        Shape(String name) {
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
                throw unusable(name, "is recursive: a record of it could be nested without end (" + type + ")");
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
            if (depth >= DEEPEST) {
                throw unusable(name, "is nested more than " + DEEPEST + " deep");
            }
            return depth + 1;
        }
    }
}
