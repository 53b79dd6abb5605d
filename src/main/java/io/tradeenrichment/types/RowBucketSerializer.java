package io.tradeenrichment.types;

import io.tradeenrichment.model.RowBucket;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Layout 2: number of versions (4), then per version, ids ascending and valid from within them: id (8), valid from (8),
 * written (8), fragment (bytes; null is a deletion's mark). Layout 1 had one version per id, and not when it was written.
 */
final class RowBucketSerializer extends ValueSerializer<RowBucket> {
    static final RowBucketSerializer INSTANCE = new RowBucketSerializer(2);
    static final RowBucketSerializer LAYOUT_1 = new RowBucketSerializer(1);

    private final int layout;

    private RowBucketSerializer(int layout) {
        this.layout = layout;
    }

    @Override
    public void serialize(RowBucket bucket, DataOutputView target) throws IOException {
        if (layout == 1) {
            throw new IOException("layout 1 of a bucket is no longer written");
        }
        target.writeInt(bucket.size());
        for (int at = 0; at < bucket.size(); at++) {
            target.writeLong(bucket.id(at));
            target.writeLong(bucket.validFrom(at));
            target.writeLong(bucket.written(at));
            writeBytes(bucket.fragment(at), target);
        }
    }

    @Override
    public RowBucket deserialize(DataInputView source) throws IOException {
        int size = source.readInt();
        long[] ids = new long[size];
        long[] validFroms = new long[size];
        long[] written = new long[size];
        byte[][] fragments = new byte[size][];
        for (int at = 0; at < size; at++) {
            ids[at] = source.readLong();
            validFroms[at] = source.readLong();
            written[at] = layout == 1 ? RowBucket.WRITTEN_UNKNOWN : source.readLong();
            fragments[at] = readBytes(source);
        }
        return new RowBucket(ids, validFroms, written, fragments);
    }

    @Override
    public TypeSerializerSnapshot<RowBucket> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Part of every savepoint. */
    public static final class Snapshot extends LayoutSnapshot<RowBucket> {
        public Snapshot() {
            super(2, () -> INSTANCE);
        }

        @Override
        protected TypeSerializer<RowBucket> serializerOf(int layout) {
            return layout == 1 ? LAYOUT_1 : super.serializerOf(layout);
        }
    }
}
