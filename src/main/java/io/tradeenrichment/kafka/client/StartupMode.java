package io.tradeenrichment.kafka.client;

/** Where the trades are read from when the job starts without a savepoint. */
public enum StartupMode {
    /** From the first trade that is still there. */
    EARLIEST,
    /** From the next trade on. */
    LATEST,
    /** From where the consumer group stopped; a partition where it never was, from its beginning. */
    COMMITTED,
    /** From the first trade of a time or later. */
    TIMESTAMP
}
