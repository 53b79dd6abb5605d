package io.tradeenrichment.types;

import io.tradeenrichment.state.QueueBounds;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Layout 1: head (8), next (8). */
final class QueueSpanSerializer extends ValueSerializer<QueueBounds> {
    static final QueueSpanSerializer INSTANCE = new QueueSpanSerializer();

    @Override
    public void serialize(QueueBounds bounds, DataOutputView target) throws IOException {
        target.writeLong(bounds.head());
        target.writeLong(bounds.next());
    }

    @Override
    public QueueBounds deserialize(DataInputView source) throws IOException {
        return new QueueBounds(source.readLong(), source.readLong());
    }

    @Override
    public TypeSerializerSnapshot<QueueBounds> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Part of every savepoint. */
    public static final class Snapshot extends LayoutSnapshot<QueueBounds> {
        public Snapshot() {
            super(1, () -> INSTANCE);
        }
    }
}
