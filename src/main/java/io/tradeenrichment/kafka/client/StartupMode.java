package io.tradeenrichment.kafka.client;

/** Where the source of trades starts when the job starts without a savepoint. */
public enum StartupMode {
    /** At the beginning of each partition. */
    EARLIEST,
    /** At the end of each partition. */
    LATEST,
    /** At the committed offset of the consumer group; at the beginning of a partition that has none. */
    COMMITTED,
    /** At the first record with this timestamp or a later one. */
    TIMESTAMP
}
