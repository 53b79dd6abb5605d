package io.tradeenrichment.codec;

import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.layout.Column;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.layout.RowSchema;
import io.tradeenrichment.model.Dimension;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The layout of enriched trades, and the numbers of the layouts that state depends on. A number is 0 with the bundled
 * schemas and the shipped settings, and otherwise a fingerprint. Immutable.
 */
public final class EnrichedLayout implements Serializable {
    /** The number of the bundled layouts. */
    public static final long BUNDLED = 0;

    private final byte[] prefix;
    private final byte[][] nullColumns;
    private final long tradeLayout;
    private final Map<Dimension, Long> rowLayouts;

    /**
     * @param prefix the framing
     * @param nullColumns by dimension: the columns of a missing row
     * @param tradeLayout identifies the trade's schema and the fields of its ids
     * @param rowLayouts identifies the row's schema and its columns
     */
    public EnrichedLayout(byte[] prefix, List<byte[]> nullColumns, long tradeLayout, Map<Dimension, Long> rowLayouts) {
        this.prefix = prefix.clone();
        this.nullColumns = nullColumns.toArray(byte[][]::new);
        this.tradeLayout = tradeLayout;
        this.rowLayouts = Map.copyOf(rowLayouts);
    }

    /** The layout with the bundled schemas. */
    public static EnrichedLayout bundled(byte[] prefix) {
        return new EnrichedLayout(prefix, List.of(new byte[6], new byte[2]), BUNDLED, Map.of());
    }

    public byte[] prefix() {
        return prefix.clone();
    }

    /** By dimension: the columns of a missing row. */
    public List<byte[]> nullColumns() {
        return List.of(nullColumns);
    }

    public long tradeLayout() {
        return tradeLayout;
    }

    /** The layout with these schemas. */
    public static EnrichedLayout of(byte[] prefix, JobSchemas schemas) {
        JobSchemas bundled = JobSchemas.bundled();
        Map<Dimension, Long> rowLayouts = new HashMap<>();
        List<byte[]> nullColumns = new ArrayList<>();
        for (RowSchema row : schemas.rows()) {
            boolean isBundled = bundled.rows().stream()
                    .anyMatch(other ->
                            other.dimension().equals(row.dimension()) && other.fingerprint() == row.fingerprint());
            rowLayouts.put(row.dimension(), isBundled ? BUNDLED : row.fingerprint());
            nullColumns.add(nullColumns(row));
        }
        long trade = schemas.trade().fingerprint();
        return new EnrichedLayout(
                prefix, nullColumns, trade == bundled.trade().fingerprint() ? BUNDLED : trade, rowLayouts);
    }

    static byte[] nullColumns(RowSchema row) {
        DatumBuffer columns = new DatumBuffer();
        for (Column column : row.columns()) {
            columns.writeInt(row.columnType(column).getIndexNamed("null"));
        }
        return columns.toBytes();
    }

    public long rowLayout(Dimension dimension) {
        return rowLayouts.getOrDefault(dimension, BUNDLED);
    }
}
