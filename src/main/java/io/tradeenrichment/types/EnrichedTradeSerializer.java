package io.tradeenrichment.types;

import io.tradeenrichment.model.EnrichedTrade;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Layout 1: instrument id (8), timestamp (8), value (bytes). */
final class EnrichedTradeSerializer extends ValueSerializer<EnrichedTrade> {
    static final EnrichedTradeSerializer INSTANCE = new EnrichedTradeSerializer();

    @Override
    public void serialize(EnrichedTrade trade, DataOutputView target) throws IOException {
        target.writeLong(trade.instrumentId());
        target.writeLong(trade.timestamp());
        writeBytes(trade.value(), target);
    }

    @Override
    public EnrichedTrade deserialize(DataInputView source) throws IOException {
        return new EnrichedTrade(source.readLong(), source.readLong(), readPresentBytes(source));
    }

    @Override
    public TypeSerializerSnapshot<EnrichedTrade> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Part of every savepoint. */
    public static final class Snapshot extends LayoutSnapshot<EnrichedTrade> {
        public Snapshot() {
            super(1, () -> INSTANCE);
        }
    }
}
