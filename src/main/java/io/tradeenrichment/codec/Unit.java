package io.tradeenrichment.codec;

/** What a field's number, bytes or text means, as far as its schema says so. */
sealed interface Unit {

    Unit NONE = new None();

    /** As it is written in a sentence. */
    String title();

    /** Nothing names a unit: a plain value. */
    record None() implements Unit {
        @Override
        public String title() {
            return "without a unit";
        }
    }

    /** A long, counted from 1970-01-01T00:00. */
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

    /** An int, days from 1970-01-01. */
    record Date() implements Unit {
        @Override
        public String title() {
            return "date";
        }
    }

    /**
     * Two's-complement bytes, in units of ten to the power of minus {@code scale}.
     *
     * @param precision the most digits a value has; {@link #ANY_PRECISION} where the schema does not say
     */
    record Decimal(int precision, int scale) implements Unit {
        static final int ANY_PRECISION = Integer.MAX_VALUE;

        @Override
        public String title() {
            return "decimal(" + (precision == ANY_PRECISION ? "any" : precision) + "," + scale + ")";
        }
    }

    /**
     * Something names a unit that the job does not know, or that is not valid where it is, or that contradicts itself.
     *
     * @param title what the schema says, quoted
     * @param why what is wrong with it: the sentence's end
     */
    record NotUnderstood(String title, String why) implements Unit {}

    /** How many of it make a second. */
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

        long perSecond() {
            return perSecond;
        }

        String title() {
            return title;
        }

        String plural() {
            return plural;
        }
    }

    /** Which clock a timestamp was read from. */
    enum Zone {
        UTC,
        /** Some wall's; which one, nobody says. */
        LOCAL,
        /** A database column without a zone, which Debezium counts as if it were UTC. */
        AS_IF_UTC
    }
}
