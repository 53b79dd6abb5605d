package io.tradeenrichment.market;

import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.unit.Unit;
import io.tradeenrichment.codec.unit.Unit.Resolution;
import io.tradeenrichment.codec.unit.UnitAnnotations;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a schema into a writer of plausible values: by the type, the unit and the name of each field. The caller writes
 * the fields whose values depend on other records, such as ids.
 */
final class SchemaValues {
    private static final int NULL_ONE_IN = 10;
    private static final int MAX_ITEMS = 3;
    /** The depth of a record that contains itself. */
    private static final int MAX_NESTED = 2;

    private static final int MAX_BYTES = 8;
    private static final long HOUR = 3_600_000_000L;
    private static final long DAY = 24 * HOUR;

    private final Map<List<String>, Value> given;
    private final Set<List<String>> required;
    private final Map<String, Nested> records = new HashMap<>();

    private SchemaValues(Map<List<String>, Value> given, Set<List<String>> required) {
        this.given = given;
        this.required = required;
    }

    /** Writes values of one type. Not thread-safe. */
    interface Value {
        void write(Draw draw, DatumBuffer into);

        /** Whether a value would nest a record in itself too deeply. */
        default boolean isExhausted() {
            return false;
        }
    }

    /**
     * @param given the values of fields by their paths, without the branch of a union with null
     * @param required the paths of the fields that are never null
     */
    static Value of(Schema schema, Map<List<String>, Value> given, Set<List<String>> required) {
        return new SchemaValues(given, required).record(schema, List.of());
    }

    private Value value(Schema type, Schema.@Nullable Field field, FieldName name, List<String> path) {
        Value value = given.get(path);
        if (value != null && !type.isUnion() && type.getType() != Schema.Type.NULL) {
            return value;
        }
        Unit unit = UnitAnnotations.of(field, type);
        return switch (type.getType()) {
            case RECORD -> record(type, path);
            case UNION -> union(type, field, name, path);
            case ARRAY -> items(value(type.getElementType(), null, name, child(path, "[]")), false);
            case MAP -> items(value(type.getValueType(), null, name, child(path, "[]")), true);
            case ENUM -> {
                int symbols = type.getEnumSymbols().size();
                yield (draw, into) -> into.writeLong(draw.below(symbols));
            }
            case STRING -> text(type, name, unit);
            case BYTES -> bytes(type, unit);
            case FIXED -> fixed(type.getFixedSize(), unit);
            case INT, LONG -> number(type, name, unit);
            case FLOAT -> (draw, into) -> writeLittleEndian(Float.floatToIntBits(amount(draw)), Float.BYTES, into);
            case DOUBLE -> (draw, into) -> writeLittleEndian(Double.doubleToLongBits(amount(draw)), Double.BYTES, into);
            case BOOLEAN -> (draw, into) -> writeLittleEndian(draw.below(2), 1, into);
            case NULL -> (draw, into) -> {};
        };
    }

    /** Records with given values are compiled for each path, the others once. */
    private Value record(Schema type, List<String> path) {
        if (isOnPath(given.keySet(), path)) {
            List<Value> fields = fields(type, path);
            return (draw, into) -> fields.forEach(field -> field.write(draw, into));
        }
        Nested known = records.get(type.getFullName());
        if (known != null) {
            return known;
        }
        var nested = new Nested();
        records.put(type.getFullName(), nested);
        nested.fields.addAll(fields(type, path));
        return nested;
    }

    private List<Value> fields(Schema type, List<String> path) {
        List<Value> fields = new ArrayList<>();
        for (Schema.Field field : type.getFields()) {
            fields.add(value(field.schema(), field, FieldName.of(field.name()), child(path, field.name())));
        }
        return fields;
    }

    private static List<String> child(List<String> path, String name) {
        List<String> child = new ArrayList<>(path);
        child.add(name);
        return List.copyOf(child);
    }

    /** Whether one of the paths is this one, or leads through it. */
    private static boolean isOnPath(Set<List<String>> paths, List<String> path) {
        return paths.stream()
                .anyMatch(to ->
                        to.size() >= path.size() && to.subList(0, path.size()).equals(path));
    }

    /** A record that may contain itself. */
    private static final class Nested implements Value {
        private final List<Value> fields = new ArrayList<>();
        private int depth;

        @Override
        public void write(Draw draw, DatumBuffer into) {
            depth++;
            for (Value field : fields) {
                field.write(draw, into);
            }
            depth--;
        }

        @Override
        public boolean isExhausted() {
            return depth >= MAX_NESTED;
        }
    }

    private Value union(Schema union, Schema.@Nullable Field field, FieldName name, List<String> path) {
        List<Value> branches = new ArrayList<>();
        int nullBranch = -1;
        for (Schema branch : union.getTypes()) {
            if (branch.getType() == Schema.Type.NULL) {
                nullBranch = branches.size();
            }
            branches.add(value(branch, field, name, path));
        }
        return new Union(branches, nullBranch, isOnPath(required, path));
    }

    /** @param nullBranch -1 if there is none */
    private record Union(List<Value> branches, int nullBranch, boolean isRequired) implements Value {
        @Override
        public void write(Draw draw, DatumBuffer into) {
            int branch = branch(draw);
            into.writeInt(branch);
            branches.get(branch).write(draw, into);
        }

        private int branch(Draw draw) {
            boolean isNull = draw.oneIn(NULL_ONE_IN) && !isRequired;
            int first = (int) draw.below(branches.size());
            for (int i = 0; i < branches.size() && !(isNull && nullBranch >= 0); i++) {
                int branch = (first + i) % branches.size();
                if (branch != nullBranch && !branches.get(branch).isExhausted()) {
                    return branch;
                }
            }
            return nullBranch >= 0 ? nullBranch : first;
        }

        @Override
        public boolean isExhausted() {
            return branches.stream().allMatch(Value::isExhausted);
        }
    }

    /** The items of an array, or the entries of a map. */
    private static Value items(Value item, boolean withKeys) {
        return (draw, into) -> {
            long count = item.isExhausted() ? 0 : draw.below(MAX_ITEMS + 1);
            if (count > 0) {
                into.writeLong(count);
            }
            for (int i = 1; i <= count; i++) {
                if (withKeys) {
                    into.writeString("key" + i);
                }
                item.write(draw, into);
            }
            into.writeLong(0);
        };
    }

    private static Value text(Schema type, FieldName name, Unit unit) {
        if (unit instanceof Unit.ZonedText) {
            return (draw, into) -> into.writeString(Instant.EPOCH
                    .plus(draw.time() - draw.below(HOUR), ChronoUnit.MICROS)
                    .toString());
        }
        Function<Draw, String> text = PlausibleText.of(name, type);
        return (draw, into) -> into.writeString(text.apply(draw));
    }

    private static Value bytes(Schema type, Unit unit) {
        if (unit instanceof Unit.Decimal decimal) {
            long bound = decimalBound(decimal, Long.SIZE);
            return (draw, into) -> into.writeDecimal(draw.below(bound));
        }
        if ("big-decimal".equals(type.getProp("logicalType"))) {
            var value = new DatumBuffer();
            return (draw, into) -> {
                byte[] encoded = value.clear()
                        .writeDecimal(1 + draw.below(1_000_000))
                        .writeInt(2)
                        .toBytes();
                into.writeBytes(encoded, 0, encoded.length);
            };
        }
        return (draw, into) -> {
            int length = (int) draw.below(MAX_BYTES + 1);
            into.writeLong(length);
            writeLittleEndian(draw.bits(), length, into);
        };
    }

    private static Value fixed(int size, Unit unit) {
        if (unit instanceof Unit.Decimal decimal) {
            long bound = decimalBound(decimal, size * Byte.SIZE);
            return (draw, into) -> {
                long unscaled = draw.below(bound);
                byte[] bytes = new byte[size];
                for (int i = 0; i < Math.min(size, Long.BYTES); i++) {
                    bytes[size - 1 - i] = (byte) (unscaled >> (i * Byte.SIZE));
                }
                into.writeRaw(bytes, 0, size);
            };
        }
        return (draw, into) -> {
            for (int rest = size; rest > 0; rest -= Long.BYTES) {
                writeLittleEndian(draw.bits(), Math.min(rest, Long.BYTES), into);
            }
        };
    }

    /** Above every unscaled value: four digits before the decimal point, if precision and size permit. */
    private static long decimalBound(Unit.Decimal decimal, int bits) {
        int digits = Math.min(Math.min(decimal.precision(), 17), Math.max(1, decimal.scale() + 4));
        long bound = 1;
        for (int i = 0; i < digits && (bits >= Long.SIZE || bound * 10 <= (1L << Math.max(0, bits - 1))); i++) {
            bound *= 10;
        }
        return bound;
    }

    private static Value number(Schema type, FieldName name, Unit unit) {
        boolean isFuture = name.has("expir", "matur", "settle", "until", "due");
        if (unit instanceof Unit.Timestamp timestamp) {
            Resolution resolution = timestamp.resolution();
            return (draw, into) -> {
                long distance = draw.below(HOUR);
                into.writeLong(inUnit(draw.time() + (isFuture ? distance : -distance), resolution));
            };
        }
        if (unit instanceof Unit.Date) {
            long days = name.has("birth") ? 20_000 : name.has("expir", "matur") ? 700 : name.has("settle") ? 3 : 30;
            return (draw, into) -> {
                long distance = 1 + draw.below(days);
                into.writeLong(Math.floorDiv(draw.time(), DAY) + (isFuture ? distance : -distance));
            };
        }
        long bound = bound(String.valueOf(type.getProp("logicalType")), name);
        return (draw, into) -> into.writeLong(1 + draw.below(bound));
    }

    private static long bound(String logicalType, FieldName name) {
        return switch (logicalType) {
            case "time-millis" -> DAY / 1000 - 1;
            case "time-micros" -> DAY - 1;
            default ->
                name.has("quantity", "qty", "count", "size", "lots", "shares")
                        ? 1_000
                        : name.has("percent", "pct") ? 100 : name.isId() ? 100_000 : 10_000;
        };
    }

    /** A time of microseconds in another resolution. */
    static long inUnit(long micros, Resolution resolution) {
        return switch (resolution) {
            case MILLIS -> Math.floorDiv(micros, 1_000);
            case MICROS -> micros;
            case NANOS -> micros * 1_000;
        };
    }

    /** In hundredths. */
    private static float amount(Draw draw) {
        return (1 + draw.below(1_000_000)) / 100f;
    }

    private static void writeLittleEndian(long bits, int length, DatumBuffer into) {
        byte[] bytes = ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(bits)
                .array();
        into.writeRaw(bytes, 0, length);
    }
}
