package io.tradeenrichment.types;

import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.model.Trade;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Layout 1: the received record, then where the datum begins in its value (4), or -1 and the datum (bytes) where it is
 * an array of its own, then trade id, instrument id, user id and trade time (8 each). The ids stand in the datum too;
 * here they are at hand without reading it again.
 */
final class TradeSerializer extends ValueSerializer<Trade> {
    static final TradeSerializer INSTANCE = new TradeSerializer();
    private static final int OF_ITS_OWN = -1;

    @Override
    public void serialize(Trade trade, DataOutputView target) throws IOException {
        SourceRecordSerializer.INSTANCE.serialize(trade.received(), target);
        if (trade.bytes() == trade.received().value()) {
            target.writeInt(trade.start());
        } else {
            target.writeInt(OF_ITS_OWN);
            int length = trade.bytes().length - trade.start();
            target.writeInt(length);
            target.write(trade.bytes(), trade.start(), length);
        }
        target.writeLong(trade.tradeId());
        target.writeLong(trade.instrumentId());
        target.writeLong(trade.userId());
        target.writeLong(trade.tradeTime());
    }

    @Override
    public Trade deserialize(DataInputView source) throws IOException {
        SourceRecord received = SourceRecordSerializer.INSTANCE.deserialize(source);
        int start = source.readInt();
        byte[] bytes = start == OF_ITS_OWN ? readPresentBytes(source) : received.value();
        if (bytes == null) {
            throw new IOException("the serialized trade from " + received + " lacks its datum");
        }
        return new Trade(
                received,
                bytes,
                Math.max(start, 0),
                source.readLong(),
                source.readLong(),
                source.readLong(),
                source.readLong());
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
