package io.tradeenrichment.types;

import io.tradeenrichment.codec.binary.Varint;
import io.tradeenrichment.state.IdPage;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Layout 1: level (1); lower bound (8) if the level is not 0; written (varint); size (varint). If the size is not 0:
 * first id (varint), last id - first (varint); written - oldest, written - first id's time, written - last id's time
 * (varints); length of the packed ids (varint), the packed ids. Varints are unsigned, of first id and written zigzag.
 */
final class IdPageSerializer extends ValueSerializer<IdPage> {
    static final IdPageSerializer INSTANCE = new IdPageSerializer();
    private static final byte[] NONE = {};

    @Override
    public void serialize(IdPage page, DataOutputView target) throws IOException {
        target.writeByte(page.level());
        if (page.level() != 0) {
            target.writeLong(page.lower());
        }
        Varint.write(Varint.zigzag(page.written()), target);
        Varint.write(page.size(), target);
        if (page.size() != 0) {
            Varint.write(Varint.zigzag(page.first()), target);
            Varint.write(page.last() - page.first(), target);
            Varint.write(page.written() - page.oldest(), target);
            Varint.write(page.written() - page.firstTime(), target);
            Varint.write(page.written() - page.lastTime(), target);
            Varint.write(page.packed().length, target);
            target.write(page.packed());
        }
    }

    @Override
    public IdPage deserialize(DataInputView source) throws IOException {
        int level = source.readByte();
        long lower = level == 0 ? Long.MIN_VALUE : source.readLong();
        long written = Varint.unzigzag(Varint.read(source));
        int size = (int) Varint.read(source);
        if (size == 0) {
            return new IdPage(level, lower, written, 0, 0, 0, 0, 0, 0, NONE);
        }
        long first = Varint.unzigzag(Varint.read(source));
        long last = first + Varint.read(source);
        long oldest = written - Varint.read(source);
        long firstTime = written - Varint.read(source);
        long lastTime = written - Varint.read(source);
        byte[] packed = new byte[(int) Varint.read(source)];
        source.readFully(packed);
        return new IdPage(level, lower, written, size, first, last, firstTime, lastTime, oldest, packed);
    }

    @Override
    public TypeSerializerSnapshot<IdPage> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Part of every savepoint. */
    public static final class Snapshot extends LayoutSnapshot<IdPage> {
        public Snapshot() {
            super(1, () -> INSTANCE);
        }
    }
}
