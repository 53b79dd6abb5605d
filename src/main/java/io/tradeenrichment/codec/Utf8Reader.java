package io.tradeenrichment.codec;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.binary.Varint;
import io.tradeenrichment.model.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads encoded strings. Rejects those that are not UTF-8; Avro itself accepts any bytes. Not thread-safe. */
final class Utf8Reader {
    private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();

    /**
     * @param start of an encoded string that was checked; {@code end} is the position after it
     * @param of the name of the string, for the message
     * @throws DecodeException with {@link Reason#MALFORMED} if the string is not UTF-8
     */
    String text(byte[] bytes, int start, int end, String of) throws DecodeException {
        int at = contentStart(bytes, start, end);
        try {
            return decoder.decode(ByteBuffer.wrap(bytes, at, end - at)).toString();
        } catch (CharacterCodingException e) {
            throw new DecodeException(Reason.MALFORMED, of + " is not UTF-8");
        }
    }

    /**
     * The UTF-8 of an id.
     *
     * @throws DecodeException if it is not UTF-8, or empty
     */
    byte[] id(byte[] bytes, int start, int end, String of) throws DecodeException {
        int at = contentStart(bytes, start, end);
        if (at == end) {
            throw new DecodeException(Reason.OUT_OF_RANGE, of + " is empty, but must identify something");
        }
        if (!isAscii(bytes, at, end)) {
            text(bytes, start, end, of);
        }
        return Arrays.copyOfRange(bytes, at, end);
    }

    /** Text that was checked. */
    static String valid(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }

    /** The position after the length. */
    static int contentStart(byte[] bytes, int start, int end) {
        return end - (int) Varint.unzigzag(Varint.read(bytes, start));
    }

    private static boolean isAscii(byte[] bytes, int start, int end) {
        for (int at = start; at < end; at++) {
            if (bytes[at] < 0) {
                return false;
            }
        }
        return true;
    }
}
