package io.tradeenrichment.codec;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes an enriched trade without decoding its parts. Avro encodes a record as its fields one after the other with
 * nothing between them, so the trade's bytes and the fragment of each row, concatenated, are the record. Thread-safe.
 */
public final class Splice {
    private final byte[] prefix;
    private final byte[][] nullColumns;

    /**
     * @param prefix the framing of the enriched trade
     * @param nullColumns by dimension: the columns of a missing row
     */
    public Splice(byte[] prefix, List<byte[]> nullColumns) {
        this.prefix = prefix.clone();
        this.nullColumns = nullColumns.toArray(byte[][]::new);
    }

    /**
     * @param trade the trade's datum, from {@code start} to the end of the array
     * @param fragments of the rows, by dimension; null for null columns
     */
    public byte[] splice(byte[] trade, int start, byte[] @Nullable [] fragments) {
        int tradeLength = trade.length - start;
        int length = prefix.length + tradeLength;
        for (int dimension = 0; dimension < nullColumns.length; dimension++) {
            length += fragment(fragments, dimension).length;
        }
        byte[] enriched = new byte[length];
        System.arraycopy(prefix, 0, enriched, 0, prefix.length);
        System.arraycopy(trade, start, enriched, prefix.length, tradeLength);
        int at = prefix.length + tradeLength;
        for (int dimension = 0; dimension < nullColumns.length; dimension++) {
            byte[] fragment = fragment(fragments, dimension);
            System.arraycopy(fragment, 0, enriched, at, fragment.length);
            at += fragment.length;
        }
        return enriched;
    }

    private byte[] fragment(byte[] @Nullable [] fragments, int dimension) {
        byte[] fragment = fragments[dimension];
        return fragment == null ? nullColumns[dimension] : fragment;
    }
}
