package io.tradeenrichment.codec.key;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.binary.QuotedText;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Reason;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Creates the exceptions for wrong keys: which key the dimension expects, and which the record has. */
final class KeyErrors {
    private static final int SHOWN_BYTES = 24;
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ").withUpperCase();

    private final KeyFormat format;
    private final boolean text;
    private final String expected;

    /** @param form of the id, such as "in eight bytes, big-endian" */
    KeyErrors(Dimension dimension, KeyFormat format, String form) {
        this(dimension, format, form, false);
    }

    private KeyErrors(Dimension dimension, KeyFormat format, String form, boolean text) {
        this.format = format;
        this.text = text;
        this.expected = "the key must be the " + dimension.title() + "'s id " + form + " (" + setting(dimension)
                + " is " + format.title() + ")";
    }

    /** For ids that are strings. */
    static KeyErrors ofText(Dimension dimension, KeyFormat format, String form) {
        return new KeyErrors(dimension, format, form, true);
    }

    static String setting(Dimension dimension) {
        return "dimensions." + dimension.title() + ".key-format";
    }

    /** There is no key, or it is not in the format. */
    DecodeException wrongFormat(byte @Nullable [] key) {
        return exception(key == null ? "there is none" : "it is " + shown(key) + guess(key));
    }

    /** The key is in the format, but has no id. */
    DecodeException noId(byte[] key, String why) {
        return exception("it is " + shown(key) + ": " + why);
    }

    private DecodeException exception(String found) {
        return new DecodeException(Reason.WRONG_KEY, expected + ", but " + found);
    }

    private String guess(byte[] key) {
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

    private boolean looksLike(KeyFormat format, byte[] key) {
        return switch (format) {
            case TEXT -> text ? key.length > 0 && isText(key) : TextKeyReader.isId(key);
            case BIG_ENDIAN -> !text && key.length == Long.BYTES && !isText(key);
            case AVRO -> isFramed(Framing.CONFLUENT, key) || isFramed(Framing.SINGLE_OBJECT, key);
        };
    }

    private static boolean isFramed(Framing framing, byte[] key) {
        try {
            framing.schemaKey(key);
            return key.length > framing.length();
        } catch (DecodeException e) {
            return false;
        }
    }

    /** The first bytes: quoted if they are text, else in hexadecimal. */
    private static String shown(byte[] key) {
        byte[] first = Arrays.copyOf(key, Math.min(key.length, SHOWN_BYTES));
        String more = key.length > SHOWN_BYTES ? " …" : "";
        String size = key.length + (key.length == 1 ? " byte" : " bytes");
        if (key.length == 0) {
            return "empty";
        }
        String text =
                isText(first) ? QuotedText.of(new String(first, StandardCharsets.US_ASCII)) : HEX.formatHex(first);
        return text + more + ", " + size;
    }

    /** Printable ASCII only. */
    private static boolean isText(byte[] bytes) {
        for (byte b : bytes) {
            if (b < ' ' || b > '~') {
                return false;
            }
        }
        return true;
    }
}
