package io.tradeenrichment.types;

import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionEvent;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.ReadProgress;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Layout 1: kind (1), dimension's code (1), then for an update (kind 1): id (8), valid from (8), record timestamp (8),
 * fragment (bytes; null deletes), partition (4), offset (8); for progress (kind 2): read up to (8), caught up at (8).
 * Used between operators only, never in state.
 */
final class DimensionEventSerializer extends ValueSerializer<DimensionEvent> {
    static final DimensionEventSerializer INSTANCE = new DimensionEventSerializer();
    private static final byte UPDATE = 1;
    private static final byte PROGRESS = 2;

    @Override
    public void serialize(DimensionEvent event, DataOutputView target) throws IOException {
        if (event instanceof DimensionUpdate update) {
            target.writeByte(UPDATE);
            FeedNames.write(update.dimension().feed(), target);
            target.writeLong(update.id());
            target.writeLong(update.validFrom());
            target.writeLong(update.timestamp());
            writeBytes(update.fragment(), target);
            target.writeInt(update.partition());
            target.writeLong(update.offset());
        } else if (event instanceof ReadProgress progress) {
            target.writeByte(PROGRESS);
            FeedNames.write(progress.dimension().feed(), target);
            target.writeLong(progress.readUpTo());
            target.writeLong(progress.caughtUpAt());
        }
    }

    @Override
    public DimensionEvent deserialize(DataInputView source) throws IOException {
        byte kind = source.readByte();
        Dimension dimension = FeedNames.read(source).dimension();
        return switch (kind) {
            case UPDATE ->
                new DimensionUpdate(
                        dimension,
                        source.readLong(),
                        source.readLong(),
                        source.readLong(),
                        readBytes(source),
                        source.readInt(),
                        source.readLong());
            case PROGRESS -> new ReadProgress(dimension, source.readLong(), source.readLong());
            default -> throw new IOException("unknown kind of dimension event: " + kind);
        };
    }

    @Override
    public TypeSerializerSnapshot<DimensionEvent> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Part of every savepoint. */
    public static final class Snapshot extends LayoutSnapshot<DimensionEvent> {
        public Snapshot() {
            super(1, () -> INSTANCE);
        }
    }
}
