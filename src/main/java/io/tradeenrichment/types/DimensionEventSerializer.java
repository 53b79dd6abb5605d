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
 * Layout 1: kind (1), dimension (see {@link FeedNames}), then for an update (kind 1): id (8), valid from (8), record
 * timestamp (8), fragment (bytes; null deletes), partition (4), offset (8); for an update of a row whose id is a text
 * (kind 3): the same, then the text (bytes); for progress (kind 2): read up to (8), caught up at (8). Used between
 * operators only, never in state.
 */
final class DimensionEventSerializer extends ValueSerializer<DimensionEvent> {
    static final DimensionEventSerializer INSTANCE = new DimensionEventSerializer();
    private static final byte UPDATE = 1;
    private static final byte PROGRESS = 2;
    private static final byte TEXT_UPDATE = 3;

    @Override
    public void serialize(DimensionEvent event, DataOutputView target) throws IOException {
        if (event instanceof DimensionUpdate update) {
            byte[] text = update.text();
            target.writeByte(text == null ? UPDATE : TEXT_UPDATE);
            FeedNames.write(update.dimension(), target);
            target.writeLong(update.id());
            target.writeLong(update.validFrom());
            target.writeLong(update.timestamp());
            writeBytes(update.fragment(), target);
            target.writeInt(update.partition());
            target.writeLong(update.offset());
            if (text != null) {
                writeBytes(text, target);
            }
        } else if (event instanceof ReadProgress progress) {
            target.writeByte(PROGRESS);
            FeedNames.write(progress.dimension(), target);
            target.writeLong(progress.readUpTo());
            target.writeLong(progress.caughtUpAt());
        }
    }

    @Override
    public DimensionEvent deserialize(DataInputView source) throws IOException {
        byte kind = source.readByte();
        Dimension dimension = FeedNames.readDimension(source);
        return switch (kind) {
            case UPDATE, TEXT_UPDATE -> update(dimension, kind == TEXT_UPDATE, source);
            case PROGRESS -> new ReadProgress(dimension, source.readLong(), source.readLong());
            default -> throw new IOException("unknown kind of dimension event: " + kind);
        };
    }

    private static DimensionUpdate update(Dimension dimension, boolean hasText, DataInputView source)
            throws IOException {
        long id = source.readLong();
        long validFrom = source.readLong();
        long timestamp = source.readLong();
        byte[] fragment = readBytes(source);
        int partition = source.readInt();
        long offset = source.readLong();
        byte[] text = hasText ? readPresentBytes(source) : null;
        return new DimensionUpdate(dimension, id, text, validFrom, timestamp, fragment, partition, offset);
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
