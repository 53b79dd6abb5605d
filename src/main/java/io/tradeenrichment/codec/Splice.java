package io.tradeenrichment.codec;

import org.jspecify.annotations.Nullable;

/**
 * Writes an enriched trade without decoding its parts. Avro encodes a record as its fields one after the other with
 * nothing between them, so the trade's bytes, the instrument's fragment and the user's fragment, concatenated, are the
 * record. Thread-safe.
 */
public final class Splice {
    /** The columns of a missing row: the null branch of a union is encoded as a zero byte. */
    private static final byte[] NO_INSTRUMENT = new byte[6];

    private static final byte[] NO_USER = new byte[2];

    private final byte[] prefix;

    /** @param prefix the framing of the enriched trade */
    public Splice(byte[] prefix) {
        this.prefix = prefix.clone();
    }

    /**
     * @param trade the trade's datum, from {@code start} to the end of the array
     * @param instrumentRow the instrument's fragment; null for null columns
     * @param userRow the user's fragment; null for null columns
     */
    public byte[] splice(byte[] trade, int start, byte @Nullable [] instrumentRow, byte @Nullable [] userRow) {
        byte[] instrument = instrumentRow == null ? NO_INSTRUMENT : instrumentRow;
        byte[] user = userRow == null ? NO_USER : userRow;
        int tradeLength = trade.length - start;
        int instrumentAt = prefix.length + tradeLength;
        int userAt = instrumentAt + instrument.length;
        byte[] enriched = new byte[userAt + user.length];
        System.arraycopy(prefix, 0, enriched, 0, prefix.length);
        System.arraycopy(trade, start, enriched, prefix.length, tradeLength);
        System.arraycopy(instrument, 0, enriched, instrumentAt, instrument.length);
        System.arraycopy(user, 0, enriched, userAt, user.length);
        return enriched;
    }
}
