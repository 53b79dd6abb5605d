package io.tradeenrichment.codec.layout;

import io.tradeenrichment.model.Dimension;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;

/** Random schemas of trades and of one to four dimensions, with every Avro type. */
public final class RandomLayouts {
    private static final List<String> PRIMITIVES =
            List.of("boolean", "int", "long", "float", "double", "bytes", "string");
    private static final List<String> UNITS = List.of(
            "{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":9,\"scale\":2}",
            "{\"type\":\"int\",\"logicalType\":\"date\"}",
            "{\"type\":\"long\",\"logicalType\":\"timestamp-millis\"}",
            "{\"type\":\"string\",\"logicalType\":\"uuid\"}",
            "{\"type\":\"long\",\"vendor\":{\"a\":[1,null]}}");
    private static final List<String> IDS = List.of("\"int\"", "\"long\"", "\"string\"");

    private final Random random;
    private String namespace = "";
    private int names;
    /** The full names of the enclosing records, which a nested type may contain again. */
    private final List<String> enclosing = new ArrayList<>();
    /** The full names of the types so far, which are complete. */
    private final List<String> complete = new ArrayList<>();

    public RandomLayouts(long seed) {
        random = new Random(seed);
    }

    public JobSchemas next() {
        names = 0;
        List<String> ids = new ArrayList<>();
        for (int dimension = random.nextInt(4); dimension >= 0; dimension--) {
            ids.add(IDS.get(random.nextInt(IDS.size())));
        }
        TradeSchema trade = trade(ids);
        List<RowSchema> rows = new ArrayList<>();
        for (int i = 0; i < ids.size(); i++) {
            rows.add(row(new Dimension("d" + i), ids.get(i)));
        }
        return new JobSchemas(trade, rows);
    }

    private TradeSchema trade(List<String> ids) {
        start("com.trade");
        List<String> fields = new ArrayList<>();
        List<FieldPath> paths = new ArrayList<>();
        addFields(fields, "a", 2);
        fields.add(field("exec_id", nullable(IDS.get(random.nextInt(IDS.size()))), ""));
        addFields(fields, "b", 2);
        fields.add(field("at", "{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}", ""));
        for (int i = 0; i < ids.size(); i++) {
            String id = field("id_" + i, nullable(ids.get(i)), "");
            boolean nested = random.nextBoolean();
            paths.add(FieldPath.of(nested ? "nested_" + i + ".id_" + i : "id_" + i));
            fields.add(nested ? field("nested_" + i, nullable(record(newName(), List.of(id))), "") : id);
            addFields(fields, "c" + i, 2);
        }
        return new TradeSchema(parsed("Fill", fields), FieldPath.of("exec_id"), FieldPath.of("at"), paths);
    }

    private RowSchema row(Dimension dimension, String id) {
        start("com." + dimension);
        List<String> fields = new ArrayList<>();
        addFields(fields, "a", 2);
        fields.add(field("id", nullable(id), ""));
        fields.add(field("valid_from", "\"long\"", ""));
        addFields(fields, "b", 2);
        Schema schema = parsed("Row", fields);
        return new RowSchema(
                dimension,
                schema,
                "id",
                random.nextBoolean() ? "valid_from" : null,
                RowSchema.defaultColumns(dimension, schema, "id"));
    }

    private void start(String namespace) {
        this.namespace = namespace;
        complete.clear();
        enclosing.clear();
        enclosing.add(namespace + (namespace.equals("com.trade") ? ".Fill" : ".Row"));
    }

    private Schema parsed(String name, List<String> fields) {
        return new Schema.Parser()
                .parse("{\"type\":\"record\",\"name\":\"" + name + "\",\"namespace\":\"" + namespace + "\",\"fields\":["
                        + String.join(",", fields) + "]}");
    }

    private void addFields(List<String> fields, String prefix, int depth) {
        for (int i = random.nextInt(4); i > 0; i--) {
            String name = prefix + "_" + i;
            switch (random.nextInt(8)) {
                case 0 -> fields.add(field(name, "\"int\"", ",\"default\":7,\"aliases\":[\"once_" + name + "\"]"));
                case 1 -> fields.add(field(name, "[\"null\",\"string\"]", ",\"default\":null,\"doc\":\"text\""));
                case 2 -> fields.add(field(name, "\"bytes\"", ",\"default\":\"\\u00FFa\",\"order\":\"ignore\""));
                case 3 -> fields.add(field(name, "{\"type\":\"array\",\"items\":\"long\"}", ",\"default\":[1,2]"));
                case 4 -> fields.add(field(name, "\"string\"", ",\"connect.default\":\"x\",\"visible\":true"));
                default -> fields.add(field(name, type(depth), ""));
            }
        }
    }

    private String type(int depth) {
        return switch (random.nextInt(depth > 0 ? 11 : 5)) {
            case 0, 1 -> "\"" + PRIMITIVES.get(random.nextInt(PRIMITIVES.size())) + "\"";
            case 2 -> UNITS.get(random.nextInt(UNITS.size()));
            case 3 -> named("{\"type\":\"enum\",\"name\":\"%s\",\"symbols\":[\"A\",\"B\",\"C\"]}");
            case 4 -> named("{\"type\":\"fixed\",\"name\":\"%s\",\"size\":" + random.nextInt(9) + "}");
            case 5 -> "{\"type\":\"array\",\"items\":" + type(depth - 1) + "}";
            case 6 -> "{\"type\":\"map\",\"values\":" + type(depth - 1) + "}";
            case 7 -> "[\"null\",\"" + enclosing.get(random.nextInt(enclosing.size())) + "\"]";
            case 8 -> union(depth);
            case 9 -> complete.isEmpty() ? "\"int\"" : "\"" + complete.get(random.nextInt(complete.size())) + "\"";
            default -> nested(depth);
        };
    }

    private String named(String json) {
        String name = newName();
        complete.add(namespace + "." + name);
        return String.format(json, name);
    }

    private String union(int depth) {
        List<String> branches = new ArrayList<>(List.of("\"string\"", "\"double\"", nested(depth)));
        if (random.nextBoolean()) {
            branches.add(random.nextInt(4), "\"null\"");
        }
        return "[" + String.join(",", branches) + "]";
    }

    private String nested(int depth) {
        String name = newName();
        enclosing.add(namespace + "." + name);
        List<String> fields = new ArrayList<>();
        addFields(fields, "n", depth - 1);
        enclosing.remove(enclosing.size() - 1);
        complete.add(namespace + "." + name);
        return record(name, fields);
    }

    private String nullable(String type) {
        return switch (random.nextInt(3)) {
            case 0 -> "[\"null\"," + type + "]";
            case 1 -> "[" + type + ",\"null\"]";
            default -> type;
        };
    }

    private String newName() {
        return "T" + names++;
    }

    private static String record(String name, List<String> fields) {
        return "{\"type\":\"record\",\"name\":\"" + name + "\",\"fields\":[" + String.join(",", fields) + "]}";
    }

    private static String field(String name, String type, String more) {
        return "{\"name\":\"" + name + "\",\"type\":" + type + more + "}";
    }
}
