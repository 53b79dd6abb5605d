package io.tradeenrichment.codec.key;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.SourceRecord;

/**
 * Reads ids in decimal digits. Accepts only the text of {@link Long#toString(long)}: compaction compares the bytes of
 * keys, so another text of the same id would be another row, which the tombstone of the first does not delete.
 */
final class TextKeyReader implements KeyReader {
    private final KeyErrors errors;

    TextKeyReader(Dimension dimension) {
        errors = new KeyErrors(
                dimension, KeyFormat.TEXT, "in decimal digits, without a plus sign, leading zeros, blanks or quotes");
    }

    @Override
    public long id(SourceRecord record) throws DecodeException {
        byte[] key = record.key();
        if (key == null || !isId(key)) {
            throw errors.wrongFormat(key);
        }
        return value(key);
    }

    /** Whether the bytes are what {@link Long#toString(long)} returns for some id. */
    static boolean isId(byte[] key) {
        int from = key.length > 0 && key[0] == '-' ? 1 : 0;
        int digits = key.length - from;
        if (digits < 1 || digits > 19 || (key[from] == '0' && key.length > 1)) {
            return false;
        }
        for (int at = from; at < key.length; at++) {
            if (key[at] < '0' || key[at] > '9') {
                return false;
            }
        }
        // Nineteen digits may overflow, which changes the sign.
        return from == 1 ? value(key) < 0 : value(key) >= 0;
    }

    /** Accumulates negative values: {@link Long#MIN_VALUE} has no positive counterpart. */
    private static long value(byte[] key) {
        boolean negative = key[0] == '-';
        long value = 0;
        for (int at = negative ? 1 : 0; at < key.length; at++) {
            value = value * 10 - (key[at] - '0');
        }
        return negative ? value : -value;
    }
}
