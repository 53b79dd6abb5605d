package io.tradeenrichment.model;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A trade whose ids were read in place and whose bytes were checked to their exact end, but not decoded.
 *
 * <p>The datum is the trade in Avro's binary encoding under the job's schema. Usually it is the tail of the source
 * record's value. If the writer used another schema, it is an array of its own.
 *
 * <p>An id is an integer or a text. A text has a number too, its {@link TextIds#hash}. The arrays are never modified.
 */
public final class Trade {
    /** The most dimensions of a trade: each has a bit in {@code absent}. */
    public static final int MAX_DIMENSIONS = 31;

    private final SourceRecord source;
    private final byte[] bytes;
    private final int start;
    private final long tradeTime;
    private final long[] ids;
    private final byte @Nullable [] @Nullable [] texts;
    private final int absent;

    /**
     * @param bytes contains the datum, from {@code start} to the end
     * @param tradeTime microseconds since 1970
     * @param ids the trade's id, then that of each dimension in the order of the settings
     * @param texts the texts of the ids, null for integers; null if no id is a text
     * @param absent a bit for each dimension whose id is null in this trade
     */
    public Trade(
            SourceRecord source,
            byte[] bytes,
            int start,
            long tradeTime,
            long[] ids,
            byte @Nullable [] @Nullable [] texts,
            int absent) {
        this.source = source;
        this.bytes = bytes;
        this.start = start;
        this.tradeTime = tradeTime;
        this.ids = ids;
        this.texts = texts;
        this.absent = absent;
    }

    public SourceRecord source() {
        return source;
    }

    /** The array that contains the datum, from {@link #start} to the end. */
    public byte[] bytes() {
        return bytes;
    }

    public int start() {
        return start;
    }

    /** Microseconds since 1970. */
    public long tradeTime() {
        return tradeTime;
    }

    /** The integer, or the number of the text. */
    public long tradeId() {
        return ids[0];
    }

    /** Null if the trade's id is an integer. */
    public byte @Nullable [] tradeIdText() {
        return texts == null ? null : texts[0];
    }

    /** The number of dimensions. */
    public int dimensions() {
        return ids.length - 1;
    }

    /** Whether the trade has an id of this dimension. If not, no row is looked up. */
    public boolean has(int dimension) {
        return (absent & 1 << dimension) == 0;
    }

    /** The integer, or the number of the text; 0 if the trade has none. */
    public long id(int dimension) {
        return ids[1 + dimension];
    }

    /** Null if the id is an integer, or if the trade has none. */
    public byte @Nullable [] text(int dimension) {
        return texts == null ? null : texts[1 + dimension];
    }

    /** The trade's id for people. */
    public String tradeIdTitle() {
        return title(tradeId(), tradeIdText());
    }

    /** The id of a dimension's row, for people. */
    public String idTitle(int dimension) {
        return title(id(dimension), text(dimension));
    }

    private static String title(long id, byte @Nullable [] text) {
        return text == null ? Long.toString(id) : new String(text, StandardCharsets.UTF_8);
    }
}
