package io.tradeenrichment.state;

/**
 * Where a page stands among the pages of its key: leaves on level 0, above them the pages that find them, each from its
 * lower bound to before the next one's.
 */
public record PageId(int level, long lower) {
    /** The page with a key's greatest ids, which is found without looking for it. */
    public static final PageId TAIL = new PageId(-1, 0);

    /** Mixed: on the heap it is combined with the key's own hash, and both are mostly small numbers. */
    @Override
    public int hashCode() {
        return (int) (((lower * 0x9E3779B97F4A7C15L + level) * 0xBF58476D1CE4E5B9L) >>> 32);
    }
}
