package io.tradeenrichment.codec;

import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Says what a dimension's keys must be, and what a record had for one. */
final class WrongKey {
    private static final int FIRST_BYTES = 24;
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ").withUpperCase();

    private final KeyFormat format;
    private final String expected;

    /** @param form how the id is written, for example "in eight bytes, big-endian" */
    WrongKey(Dimension dimension, KeyFormat format, String form) {
        this.format = format;
        this.expected = "the key must be the " + dimension.title() + "'s id " + form + " (" + setting(dimension)
                + " is " + format.title() + ")";
    }

    static String setting(Dimension dimension) {
        return "dimensions." + dimension.title() + ".key-format";
    }

    /** The key is missing, or is not in the format. */
    DecodeException found(byte @Nullable [] key) {
        return refusal(key == null ? "there is none" : "it is " + shown(key) + lookingLike(key));
    }

    /** The key is in the format as far as can be seen, but holds no id. */
    DecodeException found(byte[] key, String fault) {
        return refusal("it is " + shown(key) + ": " + fault);
    }

    private DecodeException refusal(String found) {
        return new DecodeException(Reason.WRONG_KEY, expected + ", but " + found);
    }

    private String lookingLike(byte[] key) {
        if (key.length > 0 && (key[0] == '{' || key[0] == '"')) {
            return "; JSON is not read, so the key must be the id alone, as text or as bytes";
        }
        for (KeyFormat other : KeyFormat.values()) {
            if (other != format && looksLike(other, key)) {
                return "; this looks like the format " + other.title();
            }
        }
        return "";
    }

    private static boolean looksLike(KeyFormat format, byte[] key) {
        return switch (format) {
            case TEXT -> TextKeys.isId(key);
            case BIG_ENDIAN -> key.length == Long.BYTES && !isText(key);
            case AVRO -> beginsAs(Framing.CONFLUENT, key) || beginsAs(Framing.SINGLE_OBJECT, key);
        };
    }

    private static boolean beginsAs(Framing framing, byte[] key) {
        try {
            framing.schemaKey(key);
            return key.length > framing.length();
        } catch (DecodeException other) {
            return false;
        }
    }

    /** In quotes where it is text, else as hexadecimal numbers; the beginning of a long one. */
    private static String shown(byte[] key) {
        byte[] first = Arrays.copyOf(key, Math.min(key.length, FIRST_BYTES));
        String more = key.length > FIRST_BYTES ? " …" : "";
        String size = key.length + (key.length == 1 ? " byte" : " bytes");
        if (key.length == 0) {
            return "empty";
        }
        String text = isText(first) ? Quoted.text(new String(first, StandardCharsets.US_ASCII)) : HEX.formatHex(first);
        return text + more + ", " + size;
    }

    /** Printable ASCII only: whatever else a key may be is shown byte by byte. */
    private static boolean isText(byte[] bytes) {
        for (byte b : bytes) {
            if (b < ' ' || b > '~') {
                return false;
            }
        }
        return true;
    }
}
