package io.tradeenrichment.codec;

import io.tradeenrichment.model.Dimension;
import java.io.Serializable;
import java.util.List;
import java.util.Map;

/**
 * The layout of enriched trades, and the numbers of the layouts that state depends on. A number is 0 with the bundled
 * schemas and the shipped settings, and otherwise a fingerprint. Immutable.
 *
 * @param prefix the framing
 * @param nullColumns by dimension: the columns of a missing row
 * @param tradeLayout identifies the trade's schema and the fields of its ids
 * @param rowLayouts identifies the row's schema and its columns
 */
public record EnrichedLayout(byte[] prefix, List<byte[]> nullColumns, long tradeLayout, Map<Dimension, Long> rowLayouts)
        implements Serializable {
    /** The number of the bundled layout. */
    public static final long BUNDLED = 0;

    public EnrichedLayout {
        prefix = prefix.clone();
        nullColumns = List.copyOf(nullColumns);
        rowLayouts = Map.copyOf(rowLayouts);
    }

    /** The layout with the bundled schemas. */
    public static EnrichedLayout bundled(byte[] prefix) {
        return new EnrichedLayout(
                prefix,
                List.of(new byte[6], new byte[2]),
                BUNDLED,
                Map.of(Dimension.INSTRUMENT, BUNDLED, Dimension.USER, BUNDLED));
    }

    public long rowLayout(Dimension dimension) {
        return rowLayouts.getOrDefault(dimension, BUNDLED);
    }
}
