package io.tradeenrichment.codec.key;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.model.TextIds;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Reads ids that are strings: the key is the string in UTF-8. */
final class TextIdKeyReader implements KeyReader {
    private final KeyErrors errors;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
    private byte @Nullable [] text;

    TextIdKeyReader(Dimension dimension) {
        errors = KeyErrors.ofText(dimension, KeyFormat.TEXT, "as text in UTF-8");
    }

    @Override
    public long id(SourceRecord record) throws DecodeException {
        byte[] key = record.key();
        if (key == null || key.length == 0 || !isText(key)) {
            throw errors.wrongFormat(key);
        }
        // A record with a value has the id in its row, so it is compared there.
        if (record.value() == null && isQuoted(key)) {
            throw errors.wrongFormat(key);
        }
        text = key;
        return TextIds.hash(key);
    }

    @Override
    public byte @Nullable [] text() {
        return text;
    }

    /** Whether the key is UTF-8 without the byte 0, with which the framing of a registry begins. */
    private boolean isText(byte[] key) {
        for (byte b : key) {
            if (b == 0) {
                return false;
            }
        }
        try {
            utf8.decode(ByteBuffer.wrap(key));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Whether the key is JSON. The tombstone would delete nothing. */
    private static boolean isQuoted(byte[] key) {
        byte first = key[0];
        byte last = key[key.length - 1];
        return key.length > 1 && ((first == '{' && last == '}') || (first == '"' && last == '"'));
    }
}
