package io.tradeenrichment.model;

/** An event of a dimension, in the order in which its feed was read. */
public sealed interface DimensionEvent permits DimensionUpdate, ReadProgress {
    Dimension dimension();
}
