package io.tradeenrichment.codec.walk;

import static java.util.Objects.requireNonNull;

import io.tradeenrichment.codec.unit.Unit;
import io.tradeenrichment.codec.unit.UnitAnnotations;
import io.tradeenrichment.codec.walk.Mark.Kind;
import io.tradeenrichment.codec.walk.Mark.Slot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Compiles a schema to a program of {@link Op}s. Nested records are inlined. A record that occurs again is a sub-program, so
 * the program of a recursive type is finite, and a program is not much longer than its schema.
 */
final class Compiler {
    private static final int NONE = -1;
    private static final int VARIES = -1;

    private int[] code = new int[64];
    private int length;
    private final List<String> names = new ArrayList<>();
    private final List<DecimalCheck> decimals = new ArrayList<>();

    private final Set<Schema> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    private final IdentityHashMap<Schema, Integer> recordSizes = new IdentityHashMap<>();
    private final Map<Integer, Schema> calls = new HashMap<>();
    private final IdentityHashMap<Schema, Integer> addresses = new IdentityHashMap<>();
    private final Deque<Schema> called = new ArrayDeque<>();
    /** The address of the last instruction, if more of the same can be added to it. */
    private int run = NONE;

    private String runStart = "";

    private Compiler() {}

    /** A compiled walk. */
    static final class Program {
        final int[] code;
        final String[] names;
        final DecimalCheck[] decimals;

        Program(int[] code, String[] names, DecimalCheck[] decimals) {
            this.code = code;
            this.names = names;
            this.decimals = decimals;
        }
    }

    /** @throws IllegalArgumentException if a mark is inside a collection */
    static Program compile(Schema root, List<Slot> slots) {
        var compiler = new Compiler();
        compiler.value(root, null, "", slots, false);
        compiler.emit(Op.END);
        compiler.addSubprograms();
        return new Program(
                Arrays.copyOf(compiler.code, compiler.length),
                compiler.names.toArray(String[]::new),
                compiler.decimals.toArray(DecimalCheck[]::new));
    }

    private void addSubprograms() {
        for (Schema record = called.poll(); record != null; record = called.poll()) {
            addresses.put(record, label());
            fields(record, record.getName() + ".", List.of(), false);
            emit(Op.RETURN);
        }
        calls.forEach((operand, record) -> code[operand] = requireNonNull(addresses.get(record)));
    }

    private void fields(Schema record, String prefix, List<Slot> slots, boolean optional) {
        for (Schema.Field field : record.getFields()) {
            List<Slot> within = Slot.within(slots, field.name());
            Slot whole = Slot.here(within, Kind.FIELD);
            if (whole == null) {
                value(field.schema(), field, prefix + field.name(), within, optional);
            } else {
                emit(Op.START, whole.number());
                value(field.schema(), field, prefix + field.name(), Slot.without(within, whole), optional);
                emit(Op.STOP, whole.number());
            }
        }
    }

    /**
     * @param field of the value, for its unit; null for the item of a collection
     * @param slots the marks within the value
     * @param optional whether the value is in a branch of a union
     */
    private void value(Schema schema, Schema.@Nullable Field field, String path, List<Slot> slots, boolean optional) {
        int size = size(schema, field);
        if (slots.isEmpty() && size != VARIES) {
            skip(size, path);
            return;
        }
        Slot wanted = Slot.here(slots, Kind.VALUE);
        switch (schema.getType()) {
            case LONG -> number(Op.LONGS, Op.LONG, wanted, optional);
            case INT -> number(Op.INTS, Op.INT, wanted, optional);
            case ENUM -> symbol(schema, path, wanted, optional);
            case UNION -> union(schema, field, path, slots);
            default -> {
                if (wanted == null) {
                    unmarked(schema, field, path, slots, optional);
                } else {
                    emit(Op.START, wanted.number());
                    value(schema, field, path, Slot.without(slots, wanted), optional);
                    emit(Op.STOP, wanted.number());
                }
            }
        }
    }

    private void unmarked(
            Schema schema, Schema.@Nullable Field field, String path, List<Slot> slots, boolean optional) {
        switch (schema.getType()) {
            case BOOLEAN -> more(Op.BOOLEANS);
            case STRING -> emit(Op.SIZED, name(path));
            case BYTES -> {
                DecimalCheck decimal = decimal(schema, field);
                if (decimal == null) {
                    emit(Op.SIZED, name(path));
                } else {
                    emit(Op.DECIMAL, decimal.safeLength(), add(decimals, decimal), name(path));
                }
            }
            case FIXED -> {
                // A fixed without a decimal has a size and is skipped already.
                DecimalCheck decimal = decimal(schema, field);
                if (decimal != null) {
                    emit(Op.FIXED_DECIMAL, schema.getFixedSize(), add(decimals, decimal), name(path));
                }
            }
            case RECORD -> {
                boolean first = seen.add(schema);
                if (first || !slots.isEmpty()) {
                    fields(schema, path.isEmpty() ? "" : path + ".", slots, optional);
                } else {
                    call(schema);
                }
            }
            case ARRAY, MAP -> collection(schema, path, slots);
            default -> throw new IllegalArgumentException(path + " has the type " + schema.getType());
        }
    }

    private void number(int skip, int note, @Nullable Slot wanted, boolean optional) {
        if (wanted == null) {
            more(skip);
        } else {
            emit(note, wanted.number());
            if (optional) {
                emit(Op.STOP, wanted.number());
            }
        }
    }

    private void symbol(Schema schema, String path, @Nullable Slot wanted, boolean optional) {
        int symbols = schema.getEnumSymbols().size();
        if (wanted == null) {
            emit(Op.INDEX, symbols, name(path));
        } else {
            emit(Op.SYMBOL, wanted.number(), symbols, name(path));
            if (optional) {
                emit(Op.STOP, wanted.number());
            }
        }
    }

    private void union(Schema schema, Schema.@Nullable Field field, String path, List<Slot> slots) {
        List<Schema> branches = schema.getTypes();
        emit(Op.BRANCH, branches.size(), name(path + "'s union"));
        int targets = length;
        for (int branch = 0; branch < branches.size(); branch++) {
            emit(NONE);
        }
        List<Integer> atTheEnd = new ArrayList<>();
        for (int branch = 0; branch < branches.size(); branch++) {
            int start = label();
            if (branches.get(branch).getType() == Schema.Type.NULL) {
                slots.forEach(slot -> emit(Op.ABSENT, slot.number()));
            } else {
                value(branches.get(branch), field, path, slots, true);
            }
            if (length == start) {
                atTheEnd.add(targets + branch);
            } else {
                code[targets + branch] = start;
                if (branch < branches.size() - 1) {
                    emit(Op.JUMP, NONE);
                    atTheEnd.add(length - 1);
                }
            }
        }
        int end = label();
        atTheEnd.forEach(operand -> code[operand] = end);
    }

    private void collection(Schema schema, String path, List<Slot> slots) {
        if (!slots.isEmpty()) {
            throw new IllegalArgumentException(path + " is a collection, so no single value in it can be marked");
        }
        boolean map = schema.getType() == Schema.Type.MAP;
        Schema item = map ? schema.getValueType() : schema.getElementType();
        int size = map ? VARIES : size(item, null);
        if (size != VARIES) {
            emit(Op.BLOCKS, size, name(path));
            return;
        }
        int block = label();
        emit(Op.BLOCK, NONE);
        if (map) {
            emit(Op.SIZED, name("a key of " + path));
        }
        value(item, null, path + "[]", List.of(), false);
        emit(Op.NEXT, block);
        code[block + 1] = label();
    }

    private void call(Schema record) {
        emit(Op.CALL, NONE);
        calls.put(length - 1, record);
        if (!addresses.containsKey(record) && !called.contains(record)) {
            called.add(record);
        }
    }

    /** The bytes that every value has, or {@link #VARIES}. */
    private int size(Schema schema, Schema.@Nullable Field field) {
        return switch (schema.getType()) {
            case NULL -> 0;
            case FLOAT -> Float.BYTES;
            case DOUBLE -> Double.BYTES;
            case FIXED -> decimal(schema, field) == null ? schema.getFixedSize() : VARIES;
            case RECORD -> recordSize(schema);
            default -> VARIES;
        };
    }

    private int recordSize(Schema record) {
        Integer known = recordSizes.putIfAbsent(record, VARIES);
        if (known != null) {
            return known;
        }
        long sum = 0;
        for (Schema.Field field : record.getFields()) {
            int size = size(field.schema(), field);
            sum += size;
            if (size == VARIES || sum > Integer.MAX_VALUE) {
                return VARIES;
            }
        }
        recordSizes.put(record, (int) sum);
        return (int) sum;
    }

    /** Null if every value is valid. */
    private static @Nullable DecimalCheck decimal(Schema schema, Schema.@Nullable Field field) {
        if (!(UnitAnnotations.of(field, schema) instanceof Unit.Decimal unit)
                || unit.precision() == Unit.Decimal.ANY_PRECISION) {
            return null;
        }
        var decimal = new DecimalCheck(unit.precision());
        boolean safe = schema.getType() == Schema.Type.FIXED && schema.getFixedSize() <= decimal.safeLength();
        return safe ? null : decimal;
    }

    private void skip(int size, String path) {
        if (size == 0) {
            return;
        }
        if (run != NONE && code[run] == Op.BYTES && (long) code[run + 1] + size <= Integer.MAX_VALUE) {
            code[run + 1] += size;
            names.set(code[run + 2], runStart + " to " + path);
            return;
        }
        int start = length;
        emit(Op.BYTES, size, name(path));
        run = start;
        runStart = path;
    }

    private void more(int op) {
        if (run != NONE && code[run] == op) {
            code[run + 1]++;
            return;
        }
        int start = length;
        emit(op, 1);
        run = start;
    }

    /** An address that other instructions lead to, so that nothing is added to the last one. */
    private int label() {
        run = NONE;
        return length;
    }

    private void emit(int... words) {
        run = NONE;
        code = length + words.length > code.length ? Arrays.copyOf(code, 2 * (length + words.length)) : code;
        System.arraycopy(words, 0, code, length, words.length);
        length += words.length;
    }

    private int name(String name) {
        return add(names, name);
    }

    private static <T> int add(List<T> list, T element) {
        list.add(element);
        return list.size() - 1;
    }
}
