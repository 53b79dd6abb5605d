package io.tradeenrichment.codec.layout;

import io.tradeenrichment.codec.unit.Unit;
import io.tradeenrichment.codec.unit.UnitAnnotations;
import java.util.Locale;
import org.apache.avro.Schema;

/** The fields of a row that an OCC symbol is computed from. Symbols of the enum other than CALL and PUT are not options. */
enum OccPart {
    TICKER("a string that is never null"),
    TYPE("an enum that is never null"),
    STRIKE("a decimal in bytes with a scale of 0 to 3"),
    EXPIRY("a date");

    private static final int MAX_SCALE = 3;
    private final String type;

    OccPart(String type) {
        this.type = type;
    }

    String fieldName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** For sentences. */
    String type() {
        return type;
    }

    boolean fits(Schema.Field field) {
        Schema nonNull = Nullables.type(field.schema());
        if (nonNull == null) {
            return false;
        }
        return switch (this) {
            case TICKER -> field.schema().getType() == Schema.Type.STRING;
            case TYPE -> field.schema().getType() == Schema.Type.ENUM;
            case STRIKE ->
                nonNull.getType() == Schema.Type.BYTES
                        && UnitAnnotations.of(field, nonNull) instanceof Unit.Decimal decimal
                        && decimal.scale() >= 0
                        && decimal.scale() <= MAX_SCALE;
            case EXPIRY -> UnitAnnotations.of(field, nonNull) instanceof Unit.Date;
        };
    }
}
