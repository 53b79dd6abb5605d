package io.tradeenrichment.market;

import io.tradeenrichment.codec.binary.DatumBuffer;

/** The columns of a dimension's rows after id and valid_from, as a function of id and revision. */
interface RowContent {
    /** The first revision of every id. */
    long ORIGINAL = 0;

    /** @param revision {@link #ORIGINAL}, or any other number, which decides whether and how the content differs */
    void write(long id, long revision, DatumBuffer into);
}
