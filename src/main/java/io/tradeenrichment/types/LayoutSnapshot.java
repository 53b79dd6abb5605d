package io.tradeenrichment.types;

import java.io.IOException;
import java.util.function.Supplier;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What a savepoint stores of a serializer: the version of its layout. Savepoints also contain the class name of the
 * snapshot, so the names of the subclasses never change.
 */
public abstract class LayoutSnapshot<T> implements TypeSerializerSnapshot<T> {
    private final int current;
    private final Supplier<TypeSerializer<T>> serializer;
    private int read;

    /**
     * @param current the version that is written, from 1
     * @param serializer reads and writes the current layout
     */
    protected LayoutSnapshot(int current, Supplier<TypeSerializer<T>> serializer) {
        this.current = current;
        this.serializer = serializer;
        this.read = current;
    }

    @Override
    public final int getCurrentVersion() {
        return current;
    }

    @Override
    public final void writeSnapshot(DataOutputView out) {
        // Flink writes the version before this. There is nothing else to write.
    }

    @Override
    public final void readSnapshot(int version, DataInputView in, ClassLoader classLoader) throws IOException {
        if (version < 1 || version > current) {
            throw new IOException(getClass().getName() + " knows the layouts 1 to " + current + ", but the state has "
                    + version + ": it was written by a newer version of the job");
        }
        read = version;
    }

    @Override
    public final TypeSerializer<T> restoreSerializer() {
        return read == current ? serializer.get() : serializerOf(read);
    }

    /** The serializer of an older layout. Overridden by a subclass that reads one. */
    protected TypeSerializer<T> serializerOf(int layout) {
        throw new IllegalStateException(getClass().getName() + " does not read layout " + layout
                + " any more: the state was written by a version of the job that is too old");
    }

    @Override
    public final TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(TypeSerializerSnapshot<T> old) {
        if (!(old instanceof LayoutSnapshot<T> layout) || layout.getClass() != getClass()) {
            return TypeSerializerSchemaCompatibility.incompatible();
        }
        return layout.read == current
                ? TypeSerializerSchemaCompatibility.compatibleAsIs()
                : TypeSerializerSchemaCompatibility.compatibleAfterMigration();
    }
}
