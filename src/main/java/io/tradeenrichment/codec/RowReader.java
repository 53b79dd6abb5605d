package io.tradeenrichment.codec;

import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.binary.Varint;
import io.tradeenrichment.codec.layout.Column;
import io.tradeenrichment.codec.layout.IdType;
import io.tradeenrichment.codec.layout.RowSchema;
import io.tradeenrichment.codec.unit.Unit.Resolution;
import io.tradeenrichment.codec.walk.Mark;
import io.tradeenrichment.codec.walk.Walk;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.model.TextIds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Reads a dimension's row and encodes its fragment of the enriched trades: the columns in their order, each with its union
 * branch. So a row is encoded once, not once per trade. Not thread-safe.
 */
public final class RowReader {
    private static final int PRESENT = 1;

    private final Dimension dimension;
    private final Walk walk;
    private final String idField;
    private final int idSlot;
    private final boolean textId;
    private final EpochMicros validFrom;
    /** {@link #NO_SLOT} if a row is valid from its record timestamp. */
    private final int validFromSlot;
    /** The strings that are checked for invisible characters, by their slots. */
    private final Map<Integer, String> visible = new TreeMap<>();

    private final List<ColumnWriter> columns = new ArrayList<>();
    private final Utf8Reader utf8 = new Utf8Reader();
    private final DatumBuffer fragment = new DatumBuffer();

    private static final int NO_SLOT = -1;

    public RowReader(RowSchema schema) {
        this.dimension = schema.dimension();
        this.idField = schema.idField();
        this.textId = schema.idType() == IdType.TEXT;
        var slots = new Slots();
        this.idSlot = slots.value(idField);
        Resolution resolution = schema.validFromResolution();
        String validFromField = schema.validFromField();
        this.validFrom = resolution == null || validFromField == null
                ? new EpochMicros(Resolution.MILLIS, "the record timestamp")
                : new EpochMicros(resolution, validFromField);
        this.validFromSlot = validFromField == null ? NO_SLOT : slots.value(validFromField);
        for (Column column : schema.columns()) {
            if (schema.isOccSymbol(column)) {
                columns.add(new OccColumn(schema.schema(), slots));
                addVisible(schema.schema().getField(OccColumn.TICKER), slots);
            } else {
                Schema.Field field = schema.schema().getField(column.source());
                columns.add(new FieldColumn(slots.field(field.name()), field.schema()));
                addVisible(field, slots);
            }
        }
        this.walk = Walk.of(schema.schema(), slots.marks());
    }

    private void addVisible(Schema.Field field, Slots slots) {
        if (RowSchema.isVisible(field)) {
            visible.put(slots.value(field.name()), field.name());
        }
    }

    /** The marks of a row, each once. */
    private static final class Slots {
        private final Map<Mark, Integer> slots = new LinkedHashMap<>();

        int value(String field) {
            return slot(Mark.value(List.of(field)));
        }

        int field(String field) {
            return slot(Mark.field(List.of(field)));
        }

        private int slot(Mark mark) {
            int next = slots.size();
            return slots.computeIfAbsent(mark, ignored -> next);
        }

        List<Mark> marks() {
            return List.copyOf(slots.keySet());
        }
    }

    /**
     * @param bytes the datum under the job's schema, from {@code start} to the end of the array
     * @throws DecodeException if the bytes are malformed, or the row is invalid
     */
    public DimensionUpdate read(SourceRecord record, byte[] bytes, int start) throws DecodeException {
        walk.over(bytes, start);
        byte[] text = textId(bytes);
        long id = text == null ? walk.number(idSlot) : TextIds.hash(text);
        long from =
                validFrom.of(validFromSlot == NO_SLOT ? Math.max(record.timestamp(), 0) : walk.number(validFromSlot));
        for (Map.Entry<Integer, String> field : visible.entrySet()) {
            int slot = field.getKey();
            if (!walk.isAbsent(slot)) {
                String name = utf8.text(bytes, walk.start(slot), walk.end(slot), field.getValue());
                NameValidator.validate(name, field.getValue());
            }
        }
        fragment.clear();
        for (ColumnWriter column : columns) {
            column.write(bytes);
        }
        return new DimensionUpdate(
                dimension, id, text, from, record.timestamp(), fragment.toBytes(), record.partition(), record.offset());
    }

    /** Null if the id is an integer. */
    private byte @Nullable [] textId(byte[] bytes) throws DecodeException {
        if (walk.isAbsent(idSlot)) {
            throw new DecodeException(Reason.OUT_OF_RANGE, idField + " is null, but a row must have an id");
        }
        return textId ? utf8.id(bytes, walk.start(idSlot), walk.end(idSlot), idField) : null;
    }

    private interface ColumnWriter {
        void write(byte[] bytes) throws DecodeException;
    }

    /** A field of the row, with its branch in the column's union. */
    private final class FieldColumn implements ColumnWriter {
        private final int slot;
        private final boolean union;
        private final boolean nullable;

        FieldColumn(int slot, Schema type) {
            this.slot = slot;
            this.union = type.isUnion();
            this.nullable = type.isNullable();
        }

        @Override
        public void write(byte[] bytes) {
            int start = walk.start(slot);
            if (union && !nullable) {
                // The column's union has null before the branches of the field.
                long branch = Varint.unzigzag(Varint.read(bytes, start));
                fragment.writeLong(branch + 1);
                start += Varint.length(Varint.zigzag(branch));
            } else if (!union) {
                fragment.writeInt(PRESENT);
            }
            fragment.writeRaw(bytes, start, walk.end(slot) - start);
        }
    }

    /** The OCC symbol of an option, or the ticker of another instrument. */
    private final class OccColumn implements ColumnWriter {
        static final String TICKER = "ticker";
        private final int ticker;
        private final int type;
        private final int strike;
        private final int expiry;
        private final OccSymbol.Options options;

        OccColumn(Schema schema, Slots slots) {
            this.ticker = slots.value(TICKER);
            this.type = slots.value("type");
            this.strike = slots.value("strike");
            this.expiry = slots.value("expiry");
            this.options = OccSymbol.Options.of(schema.getField("type"), schema.getField("strike"));
        }

        @Override
        public void write(byte[] bytes) throws DecodeException {
            fragment.writeInt(PRESENT).writeString(symbol(bytes));
        }

        private String symbol(byte[] bytes) throws DecodeException {
            String root = utf8.text(bytes, walk.start(ticker), walk.end(ticker), TICKER);
            long kind = walk.number(type);
            if (!options.isOption(kind)) {
                return root;
            }
            if (walk.isAbsent(strike) || walk.isAbsent(expiry)) {
                byte[] text = textId(bytes);
                throw new DecodeException(
                        Reason.INVALID_ROW,
                        dimension.title() + " " + (text == null ? walk.number(idSlot) : Utf8Reader.valid(text))
                                + " is an option without a strike or without an expiry");
            }
            return OccSymbol.compact(
                    root,
                    walk.number(expiry),
                    options.isCall(kind),
                    options.thousandths(bytes, walk.start(strike), walk.end(strike)));
        }
    }
}
