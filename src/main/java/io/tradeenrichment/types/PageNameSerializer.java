package io.tradeenrichment.types;

import io.tradeenrichment.state.PageId;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Layout 1: level (1), lower bound (8). */
final class PageNameSerializer extends ValueSerializer<PageId> {
    static final PageNameSerializer INSTANCE = new PageNameSerializer();

    @Override
    public void serialize(PageId id, DataOutputView target) throws IOException {
        target.writeByte(id.level());
        target.writeLong(id.lower());
    }

    @Override
    public PageId deserialize(DataInputView source) throws IOException {
        return new PageId(source.readByte(), source.readLong());
    }

    @Override
    public TypeSerializerSnapshot<PageId> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Part of every savepoint. */
    public static final class Snapshot extends LayoutSnapshot<PageId> {
        public Snapshot() {
            super(1, () -> INSTANCE);
        }
    }
}
