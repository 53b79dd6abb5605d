package io.tradeenrichment.state;

/**
 * Which version of a row counts.
 *
 * <p>Within a partition, the later version has the higher offset. Between partitions, where offsets are not comparable,
 * it has the later record timestamp, then the higher partition.
 */
public enum VersionOrder {
    /**
     * The last record of the key is the row, whatever its {@code valid_from}, as in any Kafka table: compaction keeps
     * the same record. The last version of each partition is kept.
     */
    BY_RECORD(1),
    /**
     * A version is valid from its {@code valid_from} until that of the next version. Of two with the same
     * {@code valid_from}, the later version counts. A tombstone ends the version that was valid at its record
     * timestamp, except versions that are later than the tombstone.
     */
    BY_VALID_FROM(2);

    private final byte code;

    VersionOrder(int code) {
        this.code = (byte) code;
    }

    /** The code in state. It never changes. */
    public byte code() {
        return code;
    }

    /** @throws IllegalArgumentException if no order has this code, which only corrupt state can cause */
    public static VersionOrder ofCode(long code) {
        for (VersionOrder order : values()) {
            if (order.code == code) {
                return order;
            }
        }
        throw new IllegalArgumentException("no order of versions has the code " + code);
    }
}
