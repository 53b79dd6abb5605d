package io.tradeenrichment.model;

/**
 * The numbers of ids that are text. The number selects a bucket, a page or a key; whether two ids are equal is decided by
 * their text, since different texts may have the same number.
 */
public final class TextIds {
    private TextIds() {}

    /**
     * FNV-1a with 64 bits, then the finalizer of SplitMix64. The numbers are in state: the function never changes.
     *
     * @param text in UTF-8
     */
    public static long hash(byte[] text) {
        long hash = 0xCBF29CE484222325L;
        for (byte b : text) {
            hash = (hash ^ (b & 0xFF)) * 0x100000001B3L;
        }
        hash = (hash ^ (hash >>> 30)) * 0xBF58476D1CE4E5B9L;
        hash = (hash ^ (hash >>> 27)) * 0x94D049BB133111EBL;
        return hash ^ (hash >>> 31);
    }
}
