package io.tradeenrichment.types;

import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.model.Trade;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Layout 1: the source record, then the start of the datum in its value (4), or -1 and the datum (bytes) if it is an
 * array of its own, then trade id, instrument id, user id and trade time (8 each). The ids are repeated so that the
 * datum need not be read again.
 */
final class TradeSerializer extends ValueSerializer<Trade> {
    static final TradeSerializer INSTANCE = new TradeSerializer();
    private static final int SEPARATE = -1;

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
        target.writeLong(trade.tradeId());
        target.writeLong(trade.id(0));
        target.writeLong(trade.id(1));
        target.writeLong(trade.tradeTime());
    }

    @Override
    public Trade deserialize(DataInputView source) throws IOException {
        SourceRecord record = SourceRecordSerializer.INSTANCE.deserialize(source);
        int start = source.readInt();
        byte[] bytes = start == SEPARATE ? readPresentBytes(source) : record.value();
        if (bytes == null) {
            throw new IOException("the serialized trade from " + record + " lacks its datum");
        }
        long[] ids = {source.readLong(), source.readLong(), source.readLong()};
        return new Trade(record, bytes, Math.max(start, 0), source.readLong(), ids, null, 0);
    }

    @Override
    public TypeSerializerSnapshot<Trade> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Part of every savepoint. */
    public static final class Snapshot extends LayoutSnapshot<Trade> {
        public Snapshot() {
            super(1, () -> INSTANCE);
        }
    }
}
