package io.tradeenrichment.types;

import io.tradeenrichment.model.EnrichedTrade;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Layout 2: key (bytes or null), timestamp (8), value (bytes). Used between operators only, never in state. */
final class EnrichedTradeSerializer extends ValueSerializer<EnrichedTrade> {
    static final EnrichedTradeSerializer INSTANCE = new EnrichedTradeSerializer();

    @Override
    public void serialize(EnrichedTrade trade, DataOutputView target) throws IOException {
        writeBytes(trade.key(), target);
        target.writeLong(trade.timestamp());
        writeBytes(trade.value(), target);
    }

    @Override
    public EnrichedTrade deserialize(DataInputView source) throws IOException {
        return new EnrichedTrade(readBytes(source), source.readLong(), readPresentBytes(source));
    }

    @Override
    public TypeSerializerSnapshot<EnrichedTrade> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Part of every savepoint. */
    public static final class Snapshot extends LayoutSnapshot<EnrichedTrade> {
        public Snapshot() {
            super(2, () -> INSTANCE);
        }
    }
}
