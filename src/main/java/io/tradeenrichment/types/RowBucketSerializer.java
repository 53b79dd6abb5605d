package io.tradeenrichment.types;

import io.tradeenrichment.state.RowBucket;
import io.tradeenrichment.state.RowVersions;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Layout 3: number of versions (4), then per version, in the bucket's order: id (8), valid from (8), record timestamp
 * (8), partition (4), offset (8), fragment (bytes; null is a tombstone). Layouts 1 and 2 had no source of a version.
 * They were never released and are not read.
 */
final class RowBucketSerializer extends ValueSerializer<RowBucket> {
    static final RowBucketSerializer INSTANCE = new RowBucketSerializer();

    private RowBucketSerializer() {}

    @Override
    public void serialize(RowBucket bucket, DataOutputView target) throws IOException {
        target.writeInt(bucket.size());
        for (int at = 0; at < bucket.size(); at++) {
            target.writeLong(bucket.id(at));
            target.writeLong(bucket.validFrom(at));
            target.writeLong(bucket.timestamp(at));
            target.writeInt(bucket.partition(at));
            target.writeLong(bucket.offset(at));
            writeBytes(bucket.fragment(at), target);
        }
    }

    @Override
    public RowBucket deserialize(DataInputView source) throws IOException {
        int size = source.readInt();
        RowVersions versions = new RowVersions(size);
        for (int at = 0; at < size; at++) {
            versions.set(
                    at,
                    source.readLong(),
                    source.readLong(),
                    source.readLong(),
                    source.readInt(),
                    source.readLong(),
                    readBytes(source));
        }
        return new RowBucket(versions);
    }

    @Override
    public TypeSerializerSnapshot<RowBucket> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Part of every savepoint. */
    public static final class Snapshot extends LayoutSnapshot<RowBucket> {
        public Snapshot() {
            super(3, () -> INSTANCE);
        }
    }
}
