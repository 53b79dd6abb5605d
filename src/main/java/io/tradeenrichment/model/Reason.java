package io.tradeenrichment.model;

/** Why a record became a dead letter. The code is part of its headers and of state, and never changes. */
public enum Reason {
    /** The record has no value. A tombstone is valid in a dimension topic only. */
    NO_VALUE(1),
    /** The value is larger than {@code wire.record.max-size}. It is not decoded. */
    TOO_LARGE(2),
    /** The value does not start with the prefix of the framing in use. */
    UNKNOWN_FRAMING(3),
    /** The framing names an unknown writer's schema. */
    UNKNOWN_SCHEMA(4),
    /** The writer's schema cannot be resolved, or not without changing a value. */
    INCOMPATIBLE_SCHEMA(5),
    /** The bytes are not a valid record of the schema. */
    MALFORMED(6),
    /** The record is valid, but a value does not fit the job's type exactly. */
    OUT_OF_RANGE(7),
    /** The key of a dimension record is not the id of the row in the dimension's key format. */
    WRONG_KEY(8),
    /** The row is invalid, for example an option without a strike. */
    INVALID_ROW(9),
    /** The instrument is missing, and the policy or the end of the wait requires a dead letter. */
    MISSING_INSTRUMENT(10),
    /** The user is missing, and the policy or the end of the wait requires a dead letter. */
    MISSING_USER(11),
    /** The enriched trade would be longer than {@code wire.enriched.max-size}. */
    ENRICHED_TOO_LARGE(12),
    /** The row of another dimension is missing, and the policy or the end of the wait requires a dead letter. */
    MISSING_ROW(13);

    private static final Reason[] BY_CODE = new Reason[14];

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

    /** @throws IllegalArgumentException if no reason has this code, which only corrupt state can cause */
    public static Reason ofCode(byte code) {
        if (code < 1 || code >= BY_CODE.length) {
            throw new IllegalArgumentException("no reason has the code " + code);
        }
        return BY_CODE[code];
    }

    public static Reason missing(Dimension dimension) {
        if (dimension.equals(Dimension.INSTRUMENT)) {
            return MISSING_INSTRUMENT;
        }
        return dimension.equals(Dimension.USER) ? MISSING_USER : MISSING_ROW;
    }
}
