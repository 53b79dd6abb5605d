package io.tradeenrichment.codec.binary;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * Skips one value, and checks every length, index and boolean in it. Items that take no bytes are not skipped one by one,
 * so a declared count of billions costs nothing. Immutable.
 */
public final class ValueSkipper {
    /** The limit of Avro for Java. */
    private static final long MAX_ITEMS = Integer.MAX_VALUE - 8;

    private static final ValueSkipper[] NO_PARTS = {};

    private final Schema.Type type;
    private final String name;
    /** The bytes of a fixed, or the number of an enum's symbols. */
    private final int size;
    /** Fields, branches or items. */
    private ValueSkipper[] parts = NO_PARTS;

    private boolean takesNoBytes;

    private ValueSkipper(Schema schema) {
        this.type = schema.getType();
        this.name = schema.getType() == Schema.Type.UNION ? "a union" : schema.getFullName();
        this.size = switch (type) {
            case FIXED -> schema.getFixedSize();
            case ENUM -> schema.getEnumSymbols().size();
            default -> 0;
        };
    }

    public static ValueSkipper of(Schema schema) {
        return of(schema, new IdentityHashMap<>());
    }

    /** @param made the skippers so far, by type, for recursive types */
    private static ValueSkipper of(Schema schema, Map<Schema, ValueSkipper> made) {
        ValueSkipper known = made.get(schema);
        if (known != null) {
            return known;
        }
        var skipper = new ValueSkipper(schema);
        made.put(schema, skipper);
        List<Schema> parts = switch (schema.getType()) {
            case RECORD -> schema.getFields().stream().map(Schema.Field::schema).toList();
            case UNION -> schema.getTypes();
            case ARRAY -> List.of(schema.getElementType());
            case MAP -> List.of(schema.getValueType());
            default -> List.of();
        };
        skipper.parts = parts.stream().map(part -> of(part, made)).toArray(ValueSkipper[]::new);
        skipper.takesNoBytes = switch (schema.getType()) {
            case NULL -> true;
            case FIXED -> skipper.size == 0;
            case RECORD -> List.of(skipper.parts).stream().allMatch(part -> part.takesNoBytes);
            default -> false;
        };
        return skipper;
    }

    public void skip(Cursor in) throws DecodeException {
        if (takesNoBytes) {
            return;
        }
        switch (type) {
            case NULL -> {}
            case BOOLEAN -> in.skipBoolean();
            case INT -> in.readInt();
            case LONG -> in.readLong();
            case FLOAT -> in.skipBytes(Float.BYTES, "a float");
            case DOUBLE -> in.skipBytes(Double.BYTES, "a double");
            case STRING, BYTES -> in.skip(in.readLength(name));
            case FIXED -> in.skipBytes(size, name);
            case ENUM -> in.readIndex(size, name);
            case UNION -> parts[in.readIndex(parts.length, name)].skip(in);
            case RECORD -> {
                for (ValueSkipper part : parts) {
                    part.skip(in);
                }
            }
            case ARRAY, MAP -> skipBlocks(in);
        }
    }

    private void skipBlocks(Cursor in) throws DecodeException {
        for (long count = in.readLong(); count != 0; count = in.readLong()) {
            int end = -1;
            if (count < 0) {
                count = -count;
                end = in.readLength("a block") + in.position();
            }
            if (count < 0 || count > MAX_ITEMS) {
                throw in.malformed("declares " + count + " items");
            }
            for (long item = 0; item < count; item++) {
                int before = in.position();
                if (type == Schema.Type.MAP) {
                    in.skip(in.readLength("a map's key"));
                }
                parts[0].skip(in);
                if (in.position() == before) {
                    break;
                }
            }
            if (end >= 0 && in.position() != end) {
                throw in.malformed("has a block whose size differs from its declared size");
            }
        }
    }
}
