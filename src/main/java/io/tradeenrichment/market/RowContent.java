package io.tradeenrichment.market;

import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.key.KeyWriter;

/** The rows of a dimension, as a function of id, valid_from and revision. */
interface RowContent {
    /** The first revision of every id. */
    long ORIGINAL = 0;

    /**
     * Writes the datum of a row.
     *
     * @param validFrom in microseconds
     * @param revision {@link #ORIGINAL}, or any other number, which decides whether and how the content differs
     */
    void write(long id, long validFrom, long revision, DatumBuffer into);

    /** The record key of a row. */
    default byte[] key(long id, KeyWriter keys) {
        return keys.key(id);
    }
}
