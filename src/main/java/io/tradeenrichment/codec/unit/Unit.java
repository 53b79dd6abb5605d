package io.tradeenrichment.codec.unit;

/** The meaning of a number, of bytes or of text, as annotated in the schema. */
public sealed interface Unit {

    Unit NONE = new None();

    /** For sentences. */
    String title();

    /** A plain value. */
    record None() implements Unit {
        @Override
        public String title() {
            return "without a unit";
        }
    }

    /** A long, counted from 1970-01-01T00:00 of its clock. */
    record Timestamp(Resolution resolution, Zone zone) implements Unit {
        @Override
        public String title() {
            return (zone == Zone.LOCAL ? "local-timestamp-" : "timestamp-") + resolution.title();
        }
    }

    /** Text with an offset, ISO 8601: {@code 2026-11-28T09:30:00.25+01:00}. */
    record ZonedText() implements Unit {
        @Override
        public String title() {
            return "a time as text with an offset";
        }
    }

    /** An int: days since 1970-01-01. */
    record Date() implements Unit {
        @Override
        public String title() {
            return "date";
        }
    }

    /**
     * The unscaled value in two's-complement bytes.
     *
     * @param precision the maximum number of digits; {@link #ANY_PRECISION} if the schema does not limit it
     */
    record Decimal(int precision, int scale) implements Unit {
        public static final int ANY_PRECISION = Integer.MAX_VALUE;

        @Override
        public String title() {
            return "decimal(" + (precision == ANY_PRECISION ? "any" : precision) + "," + scale + ")";
        }
    }

    /**
     * A unit that the job does not know, that is invalid for the type, or that is annotated contradictorily.
     *
     * @param title the annotation, quoted
     * @param why the reason, as the end of a sentence
     */
    record NotUnderstood(String title, String why) implements Unit {}

    enum Resolution {
        MILLIS(1_000, "millis", "milliseconds"),
        MICROS(1_000_000, "micros", "microseconds"),
        NANOS(1_000_000_000, "nanos", "nanoseconds");

        private final long perSecond;
        private final String title;
        private final String plural;

        Resolution(long perSecond, String title, String plural) {
            this.perSecond = perSecond;
            this.title = title;
            this.plural = plural;
        }

        public long perSecond() {
            return perSecond;
        }

        public String title() {
            return title;
        }

        public String plural() {
            return plural;
        }
    }

    /** The clock of a timestamp. */
    enum Zone {
        UTC,
        /** Local time in an unknown zone. */
        LOCAL,
        /** A database column without a zone: Debezium converts it as if it were UTC. */
        AS_IF_UTC
    }
}
