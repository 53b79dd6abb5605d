package io.tradeenrichment.model;

/** What the join learns of a dimension, in the order in which its feed was read. */
public sealed interface DimensionEvent permits DimensionUpdate, ReadProgress {
    Dimension dimension();
}
