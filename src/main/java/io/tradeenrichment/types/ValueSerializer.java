package io.tradeenrichment.types;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;
import org.jspecify.annotations.Nullable;

/**
 * Serializer of an immutable value: a copy is the same object. The Javadoc of a subclass documents its layout; a change
 * of layout is a new version in its {@link LayoutSnapshot}.
 */
abstract class ValueSerializer<T> extends TypeSerializerSingleton<T> {
    private static final int NULL = -1;

    @Override
    public final boolean isImmutableType() {
        return true;
    }

    /** {@link #deserialize} makes complete values. There is no empty value to reuse. */
    @Override
    @SuppressWarnings("NullAway")
    public final T createInstance() {
        return null;
    }

    @Override
    public final T copy(T from) {
        return from;
    }

    @Override
    public final T copy(T from, T reuse) {
        return from;
    }

    @Override
    public final int getLength() {
        return -1;
    }

    @Override
    public final T deserialize(T reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public final void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    /** Length (4), then the bytes; length -1 is null. */
    static void writeBytes(byte @Nullable [] bytes, DataOutputView target) throws IOException {
        if (bytes == null) {
            target.writeInt(NULL);
        } else {
            target.writeInt(bytes.length);
            target.write(bytes);
        }
    }

    static byte @Nullable [] readBytes(DataInputView source) throws IOException {
        int length = source.readInt();
        if (length == NULL) {
            return null;
        }
        byte[] bytes = new byte[length];
        source.readFully(bytes);
        return bytes;
    }

    static byte[] readPresentBytes(DataInputView source) throws IOException {
        byte[] bytes = readBytes(source);
        if (bytes == null) {
            throw new IOException("the serialized value lacks bytes that its layout requires");
        }
        return bytes;
    }
}
