package io.tradeenrichment.codec.schema;

import io.tradeenrichment.codec.binary.DecodeException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a reader derives from each writer's schema, by the schema's key. Also caches that a schema cannot be used, but not
 * that it is unknown, since a registry may get it later. Not thread-safe.
 */
public final class SchemaCache<T> {
    private final WriterSchemas writers;
    private final Derivation<T> derivation;
    private final Map<Long, Entry<T>> entries = new HashMap<>();
    private long lastKey;
    private @Nullable Entry<T> last;

    public SchemaCache(WriterSchemas writers, Derivation<T> derivation) {
        this.writers = writers;
        this.derivation = derivation;
    }

    @FunctionalInterface
    public interface Derivation<T> {
        T of(Schema writers) throws DecodeException;
    }

    /** May block on a registry lookup, once per key. */
    public T get(long key) throws DecodeException, InterruptedException {
        Entry<T> entry = last;
        if (entry == null || key != lastKey) {
            entry = entries.get(key);
            if (entry == null) {
                entry = derive(writers.byKey(key));
                entries.put(key, entry);
            }
            last = entry;
            lastKey = key;
        }
        return entry.valueOrFailure();
    }

    private Entry<T> derive(Schema schema) {
        try {
            return new Entry<>(derivation.of(schema), null);
        } catch (DecodeException e) {
            return new Entry<>(null, e);
        }
    }

    private record Entry<T>(@Nullable T value, @Nullable DecodeException failure) {
        T valueOrFailure() throws DecodeException {
            if (failure != null) {
                throw failure;
            }
            return Objects.requireNonNull(value);
        }
    }
}
