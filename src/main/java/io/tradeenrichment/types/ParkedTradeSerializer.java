package io.tradeenrichment.types;

import io.tradeenrichment.model.ParkedTrade;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Layout 2: the trade in its layout 2, since when it is parked (8). Layout 1: the same, with the trade in its layout 1. */
final class ParkedTradeSerializer extends ValueSerializer<ParkedTrade> {
    static final ParkedTradeSerializer LAYOUT_1 = new ParkedTradeSerializer(1, TradeSerializer.LAYOUT_1);
    static final ParkedTradeSerializer INSTANCE = new ParkedTradeSerializer(2, TradeSerializer.INSTANCE);

    private final int layout;
    private final TradeSerializer trades;

    private ParkedTradeSerializer(int layout, TradeSerializer trades) {
        this.layout = layout;
        this.trades = trades;
    }

    @Override
    public void serialize(ParkedTrade parked, DataOutputView target) throws IOException {
        trades.serialize(parked.trade(), target);
        target.writeLong(parked.since());
    }

    @Override
    public ParkedTrade deserialize(DataInputView source) throws IOException {
        return new ParkedTrade(trades.deserialize(source), source.readLong());
    }

    @Override
    public TypeSerializerSnapshot<ParkedTrade> snapshotConfiguration() {
        return new Snapshot(layout);
    }

    /** Part of every savepoint. */
    public static final class Snapshot extends LayoutSnapshot<ParkedTrade> {
        public Snapshot() {
            this(INSTANCE.layout);
        }

        private Snapshot(int layout) {
            super(layout, () -> layout == 1 ? LAYOUT_1 : INSTANCE);
        }

        @Override
        protected TypeSerializer<ParkedTrade> serializerOf(int layout) {
            return layout == 1 ? LAYOUT_1 : super.serializerOf(layout);
        }
    }
}
