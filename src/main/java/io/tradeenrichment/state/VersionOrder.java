package io.tradeenrichment.state;

/**
 * Which of a row's versions counts.
 *
 * <p>Within a partition the later offset is the later version. Between partitions, where offsets say nothing, the later
 * record timestamp is, then the higher partition.
 */
public enum VersionOrder {
    /**
     * The last record of the key is the row, whatever its {@code valid_from}, as in any Kafka table: compaction keeps
     * the same one. Of each partition one version is kept, its last.
     */
    BY_RECORD(1),
    /**
     * Versions are valid from their {@code valid_from} on, each until the next one. Of equal ones the later version
     * counts. A tombstone ends what was valid at its record timestamp, except versions that are later than itself.
     */
    BY_VALID_FROM(2);

    private final byte code;

    VersionOrder(int code) {
        this.code = (byte) code;
    }

    /** What state holds; it never changes. */
    public byte code() {
        return code;
    }

    /** @throws IllegalArgumentException if no order has this code, which only damaged state can cause */
    public static VersionOrder ofCode(long code) {
        for (VersionOrder order : values()) {
            if (order.code == code) {
                return order;
            }
        }
        throw new IllegalArgumentException("no order of versions has the code " + code);
    }
}
