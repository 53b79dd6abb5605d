package io.tradeenrichment.codec.layout;

import java.util.List;
import org.apache.avro.Schema;

/**
 * The schema of trades, and the fields in it that the job needs.
 *
 * @param tradeId an int, a long or a string; it may be nullable, but a trade whose id is null is rejected
 * @param tradeTime a timestamp in UTC, or a long without a unit, which is in microseconds; never null
 * @param dimensionFields the ids of the dimensions' rows, in the order of the dimensions: each an int, a long or a string,
 *     or null for a trade without such a row
 */
public record TradeSchema(Schema schema, FieldPath tradeId, FieldPath tradeTime, List<FieldPath> dimensionFields) {

    /** @throws IllegalArgumentException with one sentence if a field is missing or has the wrong type */
    public TradeSchema {
        dimensionFields = List.copyOf(dimensionFields);
    }

    /** Whether the trade's id is a string. */
    public boolean isTextTradeId() {
        return IdType.of(tradeId.field(schema)) == IdType.TEXT;
    }

    /** Whether the id of this dimension, by its index, is a string. */
    public boolean isTextId(int dimension) {
        return IdType.of(dimensionFields.get(dimension).field(schema)) == IdType.TEXT;
    }
}
