package io.tradeenrichment.kafka.client;

/** Upper bounds, in bytes, of what the job's records take in a request in addition to their data. */
public final class RecordOverhead {
    /** In addition to the value of an enriched trade. */
    public static final int ENRICHED_TRADE = 1 << 10;

    /**
     * In addition to the source record in a dead letter. The longest message has 1,000 characters of three bytes, the
     * longest topic name 249, and everything else takes less than 2,000 bytes.
     */
    public static final int DEAD_LETTER = 8 << 10;

    private RecordOverhead() {}
}
