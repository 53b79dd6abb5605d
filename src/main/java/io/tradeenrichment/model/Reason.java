package io.tradeenrichment.model;

/** Why a record became a dead letter. The code travels in its headers and in state; it never changes. */
public enum Reason {
    /** There is no value: a tombstone has a meaning on a dimension's topic only. */
    NO_VALUE(1),
    /** Larger than {@code wire.record.max-size}; refused before it is read. */
    TOO_LARGE(2),
    /** The first bytes are not those of the framing in use. */
    UNKNOWN_FRAMING(3),
    /** The framing names a writer's schema that nobody knows. */
    UNKNOWN_SCHEMA(4),
    /** The writer's schema is known, but no record of it can be read, or not without changing a value. */
    INCOMPATIBLE_SCHEMA(5),
    /** The bytes are not a record of the schema. */
    MALFORMED(6),
    /** The bytes are a record, but a value in it is none that the job's type has, or none exactly. */
    OUT_OF_RANGE(7),
    /** A dimension record's key is not the row's id in the dimension's key format. */
    WRONG_KEY(8),
    /** The row cannot stand, for example an option without a strike. */
    INVALID_ROW(9),
    /** No instrument row, and the policy or the end of the wait said dead letter. */
    MISSING_INSTRUMENT(10),
    /** No user row, and the policy or the end of the wait said dead letter. */
    MISSING_USER(11),
    /** The trade would become longer than {@code wire.enriched.max-size} once it is enriched. */
    ENRICHED_TOO_LARGE(12);

    private static final Reason[] BY_CODE = new Reason[13];

    static {
        for (Reason reason : values()) {
            BY_CODE[reason.code] = reason;
        }
    }

    private final byte code;

    Reason(int code) {
        this.code = (byte) code;
    }

    public byte code() {
        return code;
    }

    /** @throws IllegalArgumentException if no reason has this code, which only damaged state can cause */
    public static Reason ofCode(byte code) {
        if (code < 1 || code >= BY_CODE.length) {
            throw new IllegalArgumentException("no reason has the code " + code);
        }
        return BY_CODE[code];
    }

    public static Reason missing(Dimension dimension) {
        return dimension == Dimension.INSTRUMENT ? MISSING_INSTRUMENT : MISSING_USER;
    }
}
