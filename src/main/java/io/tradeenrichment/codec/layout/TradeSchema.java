package io.tradeenrichment.codec.layout;

import io.tradeenrichment.codec.unit.Unit.Resolution;
import io.tradeenrichment.model.Trade;
import java.util.List;
import org.apache.avro.Schema;

/**
 * The schema of trades, and the fields in it that the job needs.
 *
 * @param schema a record
 * @param tradeId an int, a long or a string; it may be nullable, but a trade whose id is null is rejected
 * @param tradeTime a timestamp in UTC, or a long without a unit, which is in microseconds; never null
 * @param dimensionFields the ids of the dimensions' rows, in the order of the dimensions: each an int, a long or a string,
 *     or null for a trade without such a row
 */
public record TradeSchema(Schema schema, FieldPath tradeId, FieldPath tradeTime, List<FieldPath> dimensionFields) {

    /** @throws IllegalArgumentException with one sentence if a field is missing or has the wrong type */
    public TradeSchema {
        dimensionFields = List.copyOf(dimensionFields);
        requireRecord(schema);
        if (dimensionFields.isEmpty() || dimensionFields.size() > Trade.MAX_DIMENSIONS) {
            throw new IllegalArgumentException("trades are joined with 1 to " + Trade.MAX_DIMENSIONS
                    + " dimensions, but the settings name " + dimensionFields.size());
        }
        checkId(schema, tradeId);
        checkTime(schema, tradeTime);
        for (FieldPath field : dimensionFields) {
            checkId(schema, field);
        }
    }

    /** @throws IllegalArgumentException if the schema is not a record */
    static void requireRecord(Schema schema) {
        if (schema.getType() != Schema.Type.RECORD) {
            throw new IllegalArgumentException(
                    "the schema is of the type " + schema.getType().getName() + ", but must be a record");
        }
    }

    /**
     * Checks one field, for a caller that knows the setting which names it.
     *
     * @throws IllegalArgumentException with one sentence if the field is missing or cannot be an id
     */
    public static void checkId(Schema schema, FieldPath id) {
        idType(schema, id);
    }

    /**
     * Checks one field, for a caller that knows the setting which names it.
     *
     * @throws IllegalArgumentException with one sentence if the field is missing or cannot be a time
     */
    public static void checkTime(Schema schema, FieldPath time) {
        TimeField.resolution(time.field(schema), time.toString());
        if (time.isNullable(schema)) {
            throw TimeField.notATime(time.toString(), "is in a record that may be null");
        }
    }

    /** Whether the trade's id is a string. */
    public boolean isTextTradeId() {
        return idType(schema, tradeId) == IdType.TEXT;
    }

    public Resolution tradeTimeResolution() {
        return TimeField.resolution(tradeTime.field(schema), tradeTime.toString());
    }

    /**
     * Whether the id of a dimension's rows is a string.
     *
     * @param dimension its index
     */
    public boolean isTextId(int dimension) {
        return idType(dimension) == IdType.TEXT;
    }

    /** @param dimension its index */
    public IdType idType(int dimension) {
        return idType(schema, dimensionFields.get(dimension));
    }

    /** Differs if trades are encoded differently, or if other fields are read from them. */
    public long fingerprint() {
        return LayoutFingerprint.of(
                List.of(tradeId, tradeTime, dimensionFields).toString(), LayoutFingerprint.text(schema));
    }

    private static IdType idType(Schema schema, FieldPath id) {
        return IdType.of(id.field(schema), id.toString());
    }
}
