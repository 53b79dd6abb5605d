package io.tradeenrichment.codec.key;

/** The encoding of the row's id in the keys of a dimension's records. An id that is a string is in text or in Avro. */
public enum KeyFormat {
    /** Eight bytes, big-endian, as Kafka's {@code LongSerializer} writes them. */
    BIG_ENDIAN,
    /**
     * Decimal digits, as Kafka's {@code StringSerializer} writes {@link Long#toString(long)}; of a string, its UTF-8 bytes.
     */
    TEXT,
    /** An Avro number or string, or an Avro record with the id in a field, with the same framing as the values. */
    AVRO;

    /** The name in settings and messages. */
    public String title() {
        return switch (this) {
            case BIG_ENDIAN -> "big-endian";
            case TEXT -> "text";
            case AVRO -> "avro";
        };
    }
}
