package io.tradeenrichment.market;

import io.tradeenrichment.codec.binary.DatumBuffer;

/** What a dimension's rows say: the columns after the id and valid_from, as a function of id and revision. */
interface RowContent {
    /** The content with which an id first appears. */
    long ORIGINAL = 0;

    /** @param revision {@link #ORIGINAL}, or any number, which then decides whether and how the content differs */
    void write(long id, long revision, DatumBuffer into);
}
