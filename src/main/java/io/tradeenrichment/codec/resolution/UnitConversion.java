package io.tradeenrichment.codec.resolution;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.unit.Unit;
import io.tradeenrichment.codec.unit.Unit.Zone;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Selects the reader that converts a value from the writer's unit to the job's without changing its meaning. A test
 * checks the table in docs/wire-format.md against this class.
 *
 * @param path of the field, for sentences
 * @param writers the writer's type
 * @param from the writer's unit
 * @param readers the job's type
 * @param to the job's unit
 */
record UnitConversion(String path, Schema writers, Unit from, Schema readers, Unit to) {

    /**
     * Null if the types alone decide, since no unit must be converted.
     *
     * @throws DecodeException if the units are not convertible
     */
    @Nullable ValueReader reader() throws DecodeException {
        if (from instanceof Unit.NotUnderstood unknown && !from.equals(to)) {
            throw SchemaResolver.incompatible(
                    "the writer's " + path + " has " + unknown.title() + ", " + unknown.why());
        }
        if (from instanceof Unit.NotUnderstood && !isPrimitive(writers)) {
            return null;
        }
        if (from == Unit.NONE) {
            return withoutUnit();
        }
        if (from.equals(to) && writers.getType() == readers.getType() && writers.getType() != Schema.Type.FIXED) {
            return CopyingReader.of(writers);
        }
        ValueReader reader = null;
        if (to instanceof Unit.Timestamp timestamp) {
            reader = toTimestamp(timestamp);
        } else if (to instanceof Unit.Date) {
            reader = toDate();
        } else if (to instanceof Unit.Decimal decimal && from instanceof Unit.Decimal written) {
            reader = toDecimal(written, decimal);
        }
        if (reader == null) {
            throw SchemaResolver.incompatible("the writer's " + path + " is " + from.title()
                    + ", which cannot be read as " + (to == Unit.NONE ? "a plain " + readers.getName() : to.title()));
        }
        return reader;
    }

    /** The bytes of other types depend on the schemas in them. */
    private static boolean isPrimitive(Schema schema) {
        return switch (schema.getType()) {
            case BOOLEAN, INT, LONG, FLOAT, DOUBLE, STRING, BYTES -> true;
            default -> false;
        };
    }

    /** Plain numbers and bytes are read in the job's unit. Text is not, nor an int, which is too short for a timestamp. */
    private @Nullable ValueReader withoutUnit() throws DecodeException {
        boolean text = to instanceof Unit.Decimal && writers.getType() == Schema.Type.STRING;
        boolean tooShort = to instanceof Unit.Timestamp && writers.getType() == Schema.Type.INT;
        if (text || tooShort) {
            throw SchemaResolver.incompatible("the writer's " + path + " is a plain " + writers.getName()
                    + ", which cannot be read as " + to.title());
        }
        return null;
    }

    private @Nullable ValueReader toTimestamp(Unit.Timestamp to) {
        if (from instanceof Unit.Timestamp written) {
            boolean sameClock = written.zone() == to.zone() || written.zone() == Zone.AS_IF_UTC;
            if (!sameClock) {
                return null;
            }
            return written.resolution() == to.resolution()
                    ? CopyingReader.of(writers)
                    : new TimestampReader(path, written.resolution(), to.resolution());
        }
        return from instanceof Unit.ZonedText && to.zone() == Zone.UTC
                ? new ZonedTextReader(path, to.resolution())
                : null;
    }

    private @Nullable ValueReader toDate() {
        return from instanceof Unit.Timestamp written && written.zone() != Zone.UTC
                ? new TimestampReader.ToDate(path, written.resolution())
                : null;
    }

    private @Nullable ValueReader toDecimal(Unit.Decimal from, Unit.Decimal to) {
        boolean fixed = writers.getType() == Schema.Type.FIXED;
        if (readers.getType() == Schema.Type.FIXED) {
            return fixed && writers.getFixedSize() == readers.getFixedSize() && from.equals(to)
                    ? CopyingReader.of(writers)
                    : null;
        }
        if (to.precision() == Unit.Decimal.ANY_PRECISION && !from.equals(to)) {
            return null;
        }
        if (!fixed && from.scale() == to.scale() && from.precision() <= to.precision()) {
            return CopyingReader.of(writers);
        }
        return new DecimalReader(path, from.scale(), to, fixed ? writers.getFixedSize() : DecimalReader.NOT_FIXED);
    }
}
