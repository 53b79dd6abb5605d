package io.tradeenrichment.codec.layout;

import io.tradeenrichment.codec.unit.Unit;
import io.tradeenrichment.codec.unit.Unit.Resolution;
import io.tradeenrichment.codec.unit.UnitAnnotations;
import org.apache.avro.Schema;

/** The fields that are points in time. */
final class TimeField {
    private TimeField() {}

    /**
     * The resolution of a time: that of its unit, or microseconds for a long without a unit.
     *
     * @param path of the field, for the sentence
     * @throws IllegalArgumentException if the field is not a time, or may be null
     */
    static Resolution resolution(Schema.Field field, String path) {
        Schema type = field.schema();
        if (type.isNullable()) {
            throw notATime(path, "may be null");
        }
        Unit unit = UnitAnnotations.of(field, type);
        if (unit instanceof Unit.Timestamp timestamp) {
            if (timestamp.zone() == Unit.Zone.LOCAL) {
                throw notATime(path, "is " + unit.title() + ", local time of an unknown zone");
            }
            return timestamp.resolution();
        }
        if (type.getType() != Schema.Type.LONG) {
            throw notATime(path, "is of the type " + type.getType().getName());
        }
        if (unit != Unit.NONE) {
            throw notATime(path, "has the unit " + unit.title());
        }
        return Resolution.MICROS;
    }

    static IllegalArgumentException notATime(String path, String why) {
        return new IllegalArgumentException("the field " + path + " " + why
                + ", but a time must be a long that is never null: timestamp-micros, timestamp-millis,"
                + " timestamp-nanos, or without a unit, which means microseconds; name another field");
    }
}
