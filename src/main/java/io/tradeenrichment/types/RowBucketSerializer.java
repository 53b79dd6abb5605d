package io.tradeenrichment.types;

import io.tradeenrichment.model.RowBucket;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Layout 1: number of rows (4), then per row, ids ascending: id (8), valid from (8), fragment (bytes; null is a deletion's mark). */
final class RowBucketSerializer extends ValueSerializer<RowBucket> {
    static final RowBucketSerializer INSTANCE = new RowBucketSerializer();

    @Override
    public void serialize(RowBucket bucket, DataOutputView target) throws IOException {
        target.writeInt(bucket.size());
        for (int at = 0; at < bucket.size(); at++) {
            target.writeLong(bucket.id(at));
            target.writeLong(bucket.validFrom(at));
            writeBytes(bucket.fragment(at), target);
        }
    }

    @Override
    public RowBucket deserialize(DataInputView source) throws IOException {
        int size = source.readInt();
        long[] ids = new long[size];
        long[] validFroms = new long[size];
        byte[][] fragments = new byte[size][];
        for (int at = 0; at < size; at++) {
            ids[at] = source.readLong();
            validFroms[at] = source.readLong();
            fragments[at] = readBytes(source);
        }
        return new RowBucket(ids, validFroms, fragments);
    }

    @Override
    public TypeSerializerSnapshot<RowBucket> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Part of every savepoint. */
    public static final class Snapshot extends LayoutSnapshot<RowBucket> {
        public Snapshot() {
            super(1, () -> INSTANCE);
        }
    }
}
