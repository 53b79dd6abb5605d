package io.tradeenrichment.types;

import io.tradeenrichment.state.RowBucket;
import io.tradeenrichment.state.RowVersions;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Layout 4: number of versions (4), or its complement if rows have texts; then per version, in the bucket's order: id
 * (8), valid from (8), record timestamp (8), partition (4), offset (8), fragment (bytes; null is a tombstone), and if
 * rows have texts the text of the id (bytes; null for an integer). Layout 3 had no texts; all else is the same, so it is
 * read as layout 4. Layouts 1 and 2 had no source of a version. They were never released and are not read.
 */
final class RowBucketSerializer extends ValueSerializer<RowBucket> {
    static final RowBucketSerializer INSTANCE = new RowBucketSerializer();

    private RowBucketSerializer() {}

    @Override
    public void serialize(RowBucket bucket, DataOutputView target) throws IOException {
        boolean hasTexts = bucket.hasTexts();
        target.writeInt(hasTexts ? ~bucket.size() : bucket.size());
        for (int at = 0; at < bucket.size(); at++) {
            target.writeLong(bucket.id(at));
            target.writeLong(bucket.validFrom(at));
            target.writeLong(bucket.timestamp(at));
            target.writeInt(bucket.partition(at));
            target.writeLong(bucket.offset(at));
            writeBytes(bucket.fragment(at), target);
            if (hasTexts) {
                writeBytes(bucket.text(at), target);
            }
        }
    }

    @Override
    public RowBucket deserialize(DataInputView source) throws IOException {
        int number = source.readInt();
        boolean hasTexts = number < 0;
        RowVersions versions = new RowVersions(hasTexts ? ~number : number);
        for (int at = 0; at < versions.size(); at++) {
            long id = source.readLong();
            long validFrom = source.readLong();
            long timestamp = source.readLong();
            int partition = source.readInt();
            long offset = source.readLong();
            byte[] fragment = readBytes(source);
            byte[] text = hasTexts ? readBytes(source) : null;
            versions.set(at, id, text, validFrom, timestamp, partition, offset, fragment);
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
            super(4, () -> INSTANCE);
        }

        @Override
        protected TypeSerializer<RowBucket> serializerOf(int layout) {
            return layout == 3 ? INSTANCE : super.serializerOf(layout);
        }
    }
}
