package io.tradeenrichment.codec.resolution;

import io.tradeenrichment.codec.schema.Schemas;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.avro.Schema;

/** Random pairs of a job's schema and an evolved schema of a writer. Without units, which Avro ignores. */
public final class RandomSchemas {
    private static final List<String> SYMBOLS = List.of("A", "B", "C", "D", "E");
    private static final List<String> PRIMITIVES =
            List.of("\"boolean\"", "\"int\"", "\"long\"", "\"float\"", "\"double\"", "\"string\"", "\"bytes\"");

    private final Random random;
    private int names;

    public RandomSchemas(long seed) {
        random = new Random(seed);
    }

    public record Pair(Schema writers, Schema readers) {}

    public Pair next() {
        names = 0;
        List<String> written = new ArrayList<>();
        List<String> read = new ArrayList<>();
        for (int field = 1 + random.nextInt(5); field > 0; field--) {
            addField("f" + field, written, read, 2);
        }
        Collections.shuffle(written, random);
        return new Pair(parsed(record("R", written)), parsed(record("R", read)));
    }

    private static Schema parsed(String json) {
        return Schemas.parse(json, "the test");
    }

    private void addField(String name, List<String> written, List<String> read, int depth) {
        Type type = type(depth);
        int change = random.nextInt(12);
        String byDefault = type.byDefault().isEmpty() ? "" : ",\"default\":" + type.byDefault();
        if (change == 0 && !byDefault.isEmpty()) {
            read.add(field(name, type.read(), byDefault));
        } else if (change == 1) {
            written.add(field(name, type.written(), ""));
        } else if (change == 2) {
            read.add(field(name, type.read(), ",\"aliases\":[\"once_" + name + "\"]"));
            written.add(field("once_" + name, type.written(), ""));
        } else {
            read.add(field(name, type.read(), random.nextBoolean() ? byDefault : ""));
            written.add(field(name, type.written(), ""));
        }
    }

    /** @param byDefault a default value of the job's type as JSON; empty for none */
    private record Type(String written, String read, String byDefault) {}

    private Type type(int depth) {
        return switch (random.nextInt(depth > 0 ? 9 : 4)) {
            case 0, 1 -> primitive();
            case 2 -> enumeration();
            case 3 -> fixed();
            case 4, 5 -> union(depth);
            case 6 -> {
                Type items = type(depth - 1);
                yield new Type(
                        "{\"type\":\"array\",\"items\":" + items.written() + "}",
                        "{\"type\":\"array\",\"items\":" + items.read() + "}",
                        "[]");
            }
            case 7 -> {
                Type values = type(depth - 1);
                yield new Type(
                        "{\"type\":\"map\",\"values\":" + values.written() + "}",
                        "{\"type\":\"map\",\"values\":" + values.read() + "}",
                        "{}");
            }
            default -> nested(depth);
        };
    }

    /** Mostly the same type. */
    private Type primitive() {
        String read = PRIMITIVES.get(random.nextInt(PRIMITIVES.size()));
        String written = random.nextInt(3) > 0 ? read : PRIMITIVES.get(random.nextInt(PRIMITIVES.size()));
        String byDefault = switch (read) {
            case "\"boolean\"" -> "true";
            case "\"string\"", "\"bytes\"" -> "\"text\"";
            default -> "17";
        };
        return new Type(written, read, byDefault);
    }

    private Type enumeration() {
        String name = "E" + names++;
        List<String> read = symbols();
        String otherwise = random.nextInt(3) == 0 ? ",\"default\":\"" + read.get(0) + "\"" : "";
        return new Type(
                enumeration(otherName(name), random.nextBoolean() ? read : symbols(), ""),
                enumeration(name, read, otherwise),
                "\"" + read.get(0) + "\"");
    }

    private String otherName(String name) {
        return random.nextInt(12) == 0 ? "Other" + name : name;
    }

    private List<String> symbols() {
        List<String> symbols = new ArrayList<>(SYMBOLS);
        Collections.shuffle(symbols, random);
        return symbols.subList(0, 1 + random.nextInt(SYMBOLS.size()));
    }

    private static String enumeration(String name, List<String> symbols, String otherwise) {
        return "{\"type\":\"enum\",\"name\":\"" + name + "\",\"symbols\":[\"" + String.join("\",\"", symbols) + "\"]"
                + otherwise + "}";
    }

    private Type fixed() {
        String name = "F" + names++;
        int size = random.nextInt(4);
        return new Type(fixed(otherName(name), random.nextInt(8) == 0 ? size + 1 : size), fixed(name, size), "");
    }

    private static String fixed(String name, int size) {
        return "{\"type\":\"fixed\",\"name\":\"" + name + "\",\"size\":" + size + "}";
    }

    /** Branches in any order, some on one side only, or a union on one side only. */
    private Type union(int depth) {
        Type one = random.nextInt(3) == 0 ? nested(depth) : primitive();
        Type other = enumeration();
        List<String> written = new ArrayList<>(List.of("\"null\"", one.written(), other.written()));
        List<String> read = new ArrayList<>(List.of("\"null\"", one.read(), other.read()));
        written.remove(random.nextInt(written.size()));
        if (random.nextBoolean()) {
            read.remove(2);
        }
        Collections.shuffle(written, random);
        return switch (random.nextInt(4)) {
            case 0 -> new Type(one.written(), "[" + String.join(",", read) + "]", "null");
            case 1 -> new Type("[" + String.join(",", written) + "]", one.read(), one.byDefault());
            default -> new Type("[" + String.join(",", written) + "]", "[" + String.join(",", read) + "]", "null");
        };
    }

    private Type nested(int depth) {
        String name = "N" + names++;
        List<String> written = new ArrayList<>();
        List<String> read = new ArrayList<>();
        for (int field = random.nextInt(3); field >= 0; field--) {
            addField(name + "_" + field, written, read, depth - 1);
        }
        Collections.shuffle(written, random);
        return new Type(record(name, written), record(name, read), "");
    }

    private static String record(String name, List<String> fields) {
        return "{\"type\":\"record\",\"name\":\"" + name + "\",\"fields\":[" + String.join(",", fields) + "]}";
    }

    private static String field(String name, String type, String more) {
        return "{\"name\":\"" + name + "\",\"type\":" + type + more + "}";
    }
}
