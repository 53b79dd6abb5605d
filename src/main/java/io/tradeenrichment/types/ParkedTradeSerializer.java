package io.tradeenrichment.types;

import io.tradeenrichment.model.ParkedTrade;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Layout 1: the trade, since when it is parked (8). */
final class ParkedTradeSerializer extends ValueSerializer<ParkedTrade> {
    static final ParkedTradeSerializer INSTANCE = new ParkedTradeSerializer();

    @Override
    public void serialize(ParkedTrade parked, DataOutputView target) throws IOException {
        TradeSerializer.INSTANCE.serialize(parked.trade(), target);
        target.writeLong(parked.since());
    }

    @Override
    public ParkedTrade deserialize(DataInputView source) throws IOException {
        return new ParkedTrade(TradeSerializer.INSTANCE.deserialize(source), source.readLong());
    }

    @Override
    public TypeSerializerSnapshot<ParkedTrade> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Part of every savepoint. */
    public static final class Snapshot extends LayoutSnapshot<ParkedTrade> {
        public Snapshot() {
            super(1, () -> INSTANCE);
        }
    }
}
