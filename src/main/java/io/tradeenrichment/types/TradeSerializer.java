package io.tradeenrichment.types;

import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.model.Trade;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Layout 2: the source record, then the start of the datum in its value (4), or -1 and the datum (bytes) if it is an
 * array of its own, then trade time (8), the number of ids (1), and per id its kind (1): 0 for none; 1 for an integer,
 * then the integer (8); 2 for a text, then its number (8) and the text (bytes). The ids are repeated so that the datum
 * need not be read again.
 *
 * <p>Layout 1: the same up to the datum, then trade id, instrument id, user id and trade time (8 each).
 */
final class TradeSerializer extends ValueSerializer<Trade> {
    static final TradeSerializer LAYOUT_1 = new TradeSerializer(1);
    static final TradeSerializer INSTANCE = new TradeSerializer(2);

    private static final int SEPARATE = -1;
    private static final byte ABSENT = 0;
    private static final byte INTEGER = 1;
    private static final byte TEXT = 2;

    private final int layout;

    private TradeSerializer(int layout) {
        this.layout = layout;
    }

    @Override
    public void serialize(Trade trade, DataOutputView target) throws IOException {
        SourceRecordSerializer.INSTANCE.serialize(trade.source(), target);
        if (trade.bytes() == trade.source().value()) {
            target.writeInt(trade.start());
        } else {
            target.writeInt(SEPARATE);
            int length = trade.bytes().length - trade.start();
            target.writeInt(length);
            target.write(trade.bytes(), trade.start(), length);
        }
        if (layout == 1) {
            target.writeLong(trade.tradeId());
            target.writeLong(trade.id(0));
            target.writeLong(trade.id(1));
            target.writeLong(trade.tradeTime());
        } else {
            target.writeLong(trade.tradeTime());
            writeIds(trade, target);
        }
    }

    private static void writeIds(Trade trade, DataOutputView target) throws IOException {
        target.writeByte(1 + trade.dimensions());
        writeId(trade.tradeId(), trade.tradeIdText(), target);
        for (int dimension = 0; dimension < trade.dimensions(); dimension++) {
            if (trade.has(dimension)) {
                writeId(trade.id(dimension), trade.text(dimension), target);
            } else {
                target.writeByte(ABSENT);
            }
        }
    }

    private static void writeId(long id, byte @Nullable [] text, DataOutputView target) throws IOException {
        target.writeByte(text == null ? INTEGER : TEXT);
        target.writeLong(id);
        if (text != null) {
            writeBytes(text, target);
        }
    }

    @Override
    public Trade deserialize(DataInputView source) throws IOException {
        SourceRecord record = SourceRecordSerializer.INSTANCE.deserialize(source);
        int start = source.readInt();
        byte[] bytes = start == SEPARATE ? readPresentBytes(source) : record.value();
        if (bytes == null) {
            throw new IOException("the serialized trade from " + record + " lacks its datum");
        }
        start = Math.max(start, 0);
        if (layout == 1) {
            long[] ids = {source.readLong(), source.readLong(), source.readLong()};
            return new Trade(record, bytes, start, source.readLong(), ids, null, 0);
        }
        return withIds(record, bytes, start, source);
    }

    private static Trade withIds(SourceRecord record, byte[] bytes, int start, DataInputView source)
            throws IOException {
        long tradeTime = source.readLong();
        long[] ids = new long[source.readUnsignedByte()];
        byte[][] texts = null;
        int absent = 0;
        for (int i = 0; i < ids.length; i++) {
            byte kind = source.readByte();
            switch (kind) {
                case ABSENT -> absent |= 1 << (i - 1);
                case INTEGER -> ids[i] = source.readLong();
                case TEXT -> {
                    ids[i] = source.readLong();
                    texts = texts == null ? new byte[ids.length][] : texts;
                    texts[i] = readPresentBytes(source);
                }
                default -> throw new IOException("unknown kind of id: " + kind);
            }
        }
        return new Trade(record, bytes, start, tradeTime, ids, texts, absent);
    }

    @Override
    public TypeSerializerSnapshot<Trade> snapshotConfiguration() {
        return new Snapshot(layout);
    }

    /** Part of every savepoint. */
    public static final class Snapshot extends LayoutSnapshot<Trade> {
        public Snapshot() {
            this(INSTANCE.layout);
        }

        private Snapshot(int layout) {
            super(layout, () -> layout == 1 ? LAYOUT_1 : INSTANCE);
        }

        @Override
        protected TypeSerializer<Trade> serializerOf(int layout) {
            return layout == 1 ? LAYOUT_1 : super.serializerOf(layout);
        }
    }
}
