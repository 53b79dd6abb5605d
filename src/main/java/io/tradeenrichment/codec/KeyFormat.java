package io.tradeenrichment.codec;

/** How the keys of a dimension's records hold the row's id. */
public enum KeyFormat {
    /** Eight bytes, the most significant first, as Kafka's {@code LongSerializer} writes them. */
    BIG_ENDIAN,
    /** Decimal digits, as Kafka's {@code StringSerializer} writes {@code Long.toString}. */
    TEXT,
    /** An Avro number, or an Avro record that holds it, under the same framing as the values. */
    AVRO;

    /** As it is written in settings. */
    public String title() {
        return switch (this) {
            case BIG_ENDIAN -> "big-endian";
            case TEXT -> "text";
            case AVRO -> "avro";
        };
    }
}
