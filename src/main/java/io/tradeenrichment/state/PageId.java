package io.tradeenrichment.state;

/**
 * The position of a page in the tree of its key: leaves are on level 0, index pages above them. A page covers the ids
 * from its lower bound to before the lower bound of the next page.
 */
public record PageId(int level, long lower) {
    /** The page with the greatest ids of a key. Its id is fixed, so it needs no search. */
    public static final PageId TAIL = new PageId(-1, 0);

    /** Mixed, because the heap backend combines it with the hash of the key, and both are usually small numbers. */
    @Override
    public int hashCode() {
        return (int) (((lower * 0x9E3779B97F4A7C15L + level) * 0xBF58476D1CE4E5B9L) >>> 32);
    }
}
