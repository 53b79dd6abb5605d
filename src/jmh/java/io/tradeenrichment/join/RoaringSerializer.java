package io.tradeenrichment.join;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/** The library's own format. A bitmap is mutable, so it is copied. */
final class RoaringSerializer extends TypeSerializerSingleton<Roaring64Bitmap> {
    @Override
    public boolean isImmutableType() {
        return false;
    }

    @Override
    public Roaring64Bitmap createInstance() {
        return new Roaring64Bitmap();
    }

    @Override
    public Roaring64Bitmap copy(Roaring64Bitmap from) {
        return from.clone();
    }

    @Override
    public Roaring64Bitmap copy(Roaring64Bitmap from, Roaring64Bitmap reuse) {
        return from.clone();
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(Roaring64Bitmap ids, DataOutputView target) throws IOException {
        ids.runOptimize();
        ids.serialize(target);
    }

    @Override
    public Roaring64Bitmap deserialize(DataInputView source) throws IOException {
        Roaring64Bitmap ids = new Roaring64Bitmap();
        ids.deserialize(source);
        return ids;
    }

    @Override
    public Roaring64Bitmap deserialize(Roaring64Bitmap reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<Roaring64Bitmap> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Identifies the serializer. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<Roaring64Bitmap> {
        public Snapshot() {
            super(RoaringSerializer::new);
        }
    }
}
