package io.tradeenrichment.types;

import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionUpdate;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Layout 2: dimension's code (1), id (8), valid from (8), written (8), fragment (bytes; null deletes), partition (4),
 * offset (8). Only ever on the way, never in state: layout 1 has no reader.
 */
final class DimensionUpdateSerializer extends ValueSerializer<DimensionUpdate> {
    static final DimensionUpdateSerializer INSTANCE = new DimensionUpdateSerializer();

    @Override
    public void serialize(DimensionUpdate update, DataOutputView target) throws IOException {
        target.writeByte(update.dimension().code());
        target.writeLong(update.id());
        target.writeLong(update.validFrom());
        target.writeLong(update.written());
        writeBytes(update.fragment(), target);
        target.writeInt(update.partition());
        target.writeLong(update.offset());
    }

    @Override
    public DimensionUpdate deserialize(DataInputView source) throws IOException {
        return new DimensionUpdate(
                Dimension.ofCode(source.readByte()),
                source.readLong(),
                source.readLong(),
                source.readLong(),
                readBytes(source),
                source.readInt(),
                source.readLong());
    }

    @Override
    public TypeSerializerSnapshot<DimensionUpdate> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Part of every savepoint. */
    public static final class Snapshot extends LayoutSnapshot<DimensionUpdate> {
        public Snapshot() {
            super(2, () -> INSTANCE);
        }
    }
}
