package io.tradeenrichment.market;

import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.layout.FieldPath;
import io.tradeenrichment.codec.layout.IdType;
import io.tradeenrichment.codec.layout.RowSchema;
import io.tradeenrichment.codec.layout.TradeSchema;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * How the numbers of trades, or of a dimension's rows, become ids of a schema.
 *
 * @param code the texts; null for integers
 * @param isInt whether large numbers wrap around at the greatest int
 */
record GivenId(@Nullable CodeText code, boolean isInt) {

    /** Of the trades. */
    static GivenId of(TradeSchema trade) {
        Schema.Field field = trade.tradeId().field(trade.schema());
        FieldName name = FieldName.of(field.name());
        if (!trade.isTextTradeId()) {
            return new GivenId(null, types(field).stream().anyMatch(type -> type.getType() == Schema.Type.INT));
        }
        CodeText code = named(field);
        return new GivenId(
                code == null ? CodeText.prefixed(name.stem().isEmpty() ? "trade" : name.stem()) : code, false);
    }

    /**
     * Of a dimension. The row's id decides on the form before the trade's field, so that dimensions of the same rows have the
     * same ids.
     *
     * @param field of the trade
     */
    static GivenId of(TradeSchema trade, FieldPath field, RowSchema row) {
        if (row.idType() != IdType.TEXT) {
            return new GivenId(null, false);
        }
        Schema.Field id = row.schema().getField(row.idField());
        CodeText code = named(id);
        if (code == null) {
            code = named(field.field(trade.schema()));
        }
        if (code == null) {
            String stem = FieldName.of(id.name()).stem();
            code = CodeText.prefixed(stem.isEmpty() ? row.dimension().name() : stem);
        }
        return new GivenId(code, false);
    }

    private static @Nullable CodeText named(Schema.Field field) {
        FieldName name = FieldName.of(field.name());
        for (Schema type : types(field)) {
            CodeText code = CodeText.named(name, type);
            if (code != null) {
                return code;
            }
        }
        return null;
    }

    private static List<Schema> types(Schema.Field field) {
        return field.schema().isUnion() ? field.schema().getTypes() : List.of(field.schema());
    }

    boolean isText() {
        return code != null;
    }

    /** @throws IllegalStateException if the ids are integers */
    String text(long number) {
        if (code == null) {
            throw new IllegalStateException("the ids are integers");
        }
        return code.of(number);
    }

    void write(long number, DatumBuffer into) {
        if (code == null) {
            into.writeLong(isInt ? number & Integer.MAX_VALUE : number);
        } else {
            into.writeString(code.of(number));
        }
    }

    /** The record key of a trade with this id: eight bytes, or UTF-8. */
    byte[] key(long number) {
        return code == null ? DatumBuffer.key(number) : code.of(number).getBytes(StandardCharsets.UTF_8);
    }
}
