package io.tradeenrichment.codec;

import io.tradeenrichment.codec.resolution.RandomSchemas;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Random record schemas around fields that the job needs: fields of every type, decimals, and recursive types. */
final class RandomFields {
    private static final Schema NULL = Schema.create(Schema.Type.NULL);
    private static final List<String> UNITS = List.of("", "timestamp-micros", "timestamp-millis", "timestamp-nanos");

    private final Random random;
    private final RandomSchemas schemas;

    RandomFields(long seed) {
        random = new Random(seed);
        schemas = new RandomSchemas(seed + 1);
    }

    int below(int bound) {
        return random.nextInt(bound);
    }

    /** Fields without the items of no bytes that Avro would allocate by the billion. */
    List<Schema.Field> some() {
        List<Schema.Field> fields = new ArrayList<>();
        while (fields.isEmpty()) {
            for (Schema.Field field : schemas.next().readers().getFields()) {
                if (!hasItemsOfNoBytes(field.schema())) {
                    fields.add(new Schema.Field(field.name(), field.schema()));
                }
            }
        }
        if (random.nextInt(4) == 0) {
            fields.add(new Schema.Field("decimal", decimal()));
        }
        if (random.nextInt(4) == 0) {
            fields.add(new Schema.Field("chain", chain()));
            fields.add(new Schema.Field("tree", tree()));
        }
        return fields;
    }

    Schema record(String name, List<Schema.Field> fields) {
        List<Schema.Field> shuffled = new ArrayList<>(fields);
        Collections.shuffle(shuffled, random);
        return Schema.createRecord(name, null, "random", false, shuffled);
    }

    /** An int, a long or a string, in a third of the cases nullable. */
    Schema id() {
        Schema.Type type =
                List.of(Schema.Type.INT, Schema.Type.LONG, Schema.Type.STRING).get(random.nextInt(3));
        return random.nextInt(3) == 0 ? nullable(Schema.create(type)) : Schema.create(type);
    }

    Schema time() {
        Schema time = Schema.create(Schema.Type.LONG);
        String unit = UNITS.get(random.nextInt(UNITS.size()));
        if (!unit.isEmpty()) {
            time.addProp("logicalType", unit);
        }
        return time;
    }

    Schema nullable(Schema type) {
        return random.nextBoolean() ? Schema.createUnion(NULL, type) : Schema.createUnion(type, NULL);
    }

    private Schema decimal() {
        int precision = 12 + random.nextInt(12);
        Schema type = random.nextBoolean()
                ? Schema.create(Schema.Type.BYTES)
                : Schema.createFixed("Decimal", null, "random", 10 + random.nextInt(4));
        return LogicalTypes.decimal(precision, 2).addToSchema(type);
    }

    private static Schema chain() {
        Schema chain = Schema.createRecord("Chain", null, "random", false);
        chain.setFields(List.of(
                new Schema.Field("value", Schema.create(Schema.Type.LONG)),
                new Schema.Field("next", Schema.createUnion(NULL, chain))));
        return chain;
    }

    private static Schema tree() {
        Schema tree = Schema.createRecord("Tree", null, "random", false);
        tree.setFields(List.of(
                new Schema.Field("leaves", Schema.createArray(Schema.createUnion(NULL, tree))),
                new Schema.Field("size", Schema.create(Schema.Type.DOUBLE))));
        return tree;
    }

    private static boolean hasItemsOfNoBytes(Schema schema) {
        return switch (schema.getType()) {
            case ARRAY -> takesNoBytes(schema.getElementType()) || hasItemsOfNoBytes(schema.getElementType());
            case MAP -> hasItemsOfNoBytes(schema.getValueType());
            case UNION -> schema.getTypes().stream().anyMatch(RandomFields::hasItemsOfNoBytes);
            case RECORD -> schema.getFields().stream().anyMatch(field -> hasItemsOfNoBytes(field.schema()));
            default -> false;
        };
    }

    private static boolean takesNoBytes(Schema schema) {
        return switch (schema.getType()) {
            case FIXED -> schema.getFixedSize() == 0;
            case RECORD -> schema.getFields().stream().allMatch(field -> takesNoBytes(field.schema()));
            default -> false;
        };
    }
}
