package io.tradeenrichment.types;

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
        writeSigned(page.written(), target);
        write(page.size(), target);
        if (page.size() != 0) {
            writeSigned(page.first(), target);
            write(page.last() - page.first(), target);
            write(page.written() - page.oldest(), target);
            write(page.written() - page.firstTime(), target);
            write(page.written() - page.lastTime(), target);
            write(page.packed().length, target);
            target.write(page.packed());
        }
    }

    @Override
    public IdPage deserialize(DataInputView source) throws IOException {
        int level = source.readByte();
        long lower = level == 0 ? Long.MIN_VALUE : source.readLong();
        long written = readSigned(source);
        int size = (int) read(source);
        if (size == 0) {
            return new IdPage(level, lower, written, 0, 0, 0, 0, 0, 0, NONE);
        }
        long first = readSigned(source);
        long last = first + read(source);
        long oldest = written - read(source);
        long firstTime = written - read(source);
        long lastTime = written - read(source);
        byte[] packed = new byte[(int) read(source)];
        source.readFully(packed);
        return new IdPage(level, lower, written, size, first, last, firstTime, lastTime, oldest, packed);
    }

    private static void writeSigned(long value, DataOutputView target) throws IOException {
        write(value << 1 ^ value >> 63, target);
    }

    private static void write(long value, DataOutputView target) throws IOException {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            target.writeByte((int) (rest | 0x80));
            rest >>>= 7;
        }
        target.writeByte((int) rest);
    }

    private static long readSigned(DataInputView source) throws IOException {
        long value = read(source);
        return value >>> 1 ^ -(value & 1);
    }

    private static long read(DataInputView source) throws IOException {
        byte next = source.readByte();
        long value = next & 0x7F;
        for (int shift = 7; next < 0; shift += 7) {
            next = source.readByte();
            value |= (next & 0x7FL) << shift;
        }
        return value;
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
