package io.tradeenrichment.codec;

import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.SourceRecord;

/**
 * Ids in decimal digits. Each id has exactly one text, the one that {@code Long.toString} makes: compaction compares the
 * bytes of keys, so a second text for an id would be a second row that the first one's tombstone does not delete.
 */
final class TextKeys implements KeyReader {
    private final WrongKey wrong;

    TextKeys(Dimension dimension) {
        wrong = new WrongKey(
                dimension, KeyFormat.TEXT, "in decimal digits, without a plus sign, leading zeros, blanks or quotes");
    }

    @Override
    public long id(SourceRecord record) throws DecodeException {
        byte[] key = record.key();
        if (key == null || !isId(key)) {
            throw wrong.found(key);
        }
        return value(key);
    }

    /** True if these are the bytes of exactly one long's text. */
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
        // Nineteen digits may be more than a long holds; then the sum has gone round to the other sign.
        return from == 1 ? value(key) < 0 : value(key) >= 0;
    }

    /** Counts downwards: the least long has no positive counterpart. */
    private static long value(byte[] key) {
        boolean negative = key[0] == '-';
        long value = 0;
        for (int at = negative ? 1 : 0; at < key.length; at++) {
            value = value * 10 - (key[at] - '0');
        }
        return negative ? value : -value;
    }
}
