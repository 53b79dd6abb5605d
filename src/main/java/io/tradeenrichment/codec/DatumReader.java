package io.tradeenrichment.codec;

import io.tradeenrichment.model.Reason;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Finds the datum in a received value and sees to it that it is encoded under the job's schema. A flyweight: after
 * {@link #wrap}, {@link #bytes} from {@link #start} to the array's end is the datum. One thread at a time.
 */
public final class DatumReader {
    private final Framing framing;
    private final WriterSchemas writers;
    private final Schema readers;
    private final int maxSize;
    private final Map<Long, Encoding> encodings = new HashMap<>();
    private long lastKey;
    private @Nullable Encoding last;
    private byte[] bytes = {};
    private int start;
    private long resolved;

    /** @param maxSize a longer value is refused before it is read, in bytes */
    public DatumReader(Framing framing, WriterSchemas writers, Schema readers, int maxSize) {
        this.framing = framing;
        this.writers = writers;
        this.readers = readers;
        this.maxSize = maxSize;
    }

    /**
     * May block where the framing carries a key for the first time: a registry is asked then.
     *
     * @throws DecodeException if the value is too large, framed otherwise, or of a schema that cannot be read
     */
    public void wrap(byte[] value) throws DecodeException, InterruptedException {
        if (value.length > maxSize) {
            throw new DecodeException(
                    Reason.TOO_LARGE,
                    "the value has " + value.length + " bytes, more than wire.record.max-size allows (" + maxSize
                            + ")");
        }
        SchemaResolution resolution = encoding(framing.schemaKey(value)).resolution();
        if (resolution == null) {
            bytes = value;
            start = framing.length();
        } else {
            bytes = resolution.resolve(value, framing.length());
            start = 0;
            resolved++;
        }
    }

    public byte[] bytes() {
        return bytes;
    }

    public int start() {
        return start;
    }

    /** How many values took the slow path so far: written with a schema that encodes otherwise than the job's. */
    public long resolved() {
        return resolved;
    }

    private Encoding encoding(long key) throws DecodeException, InterruptedException {
        Encoding encoding = last;
        if (encoding == null || key != lastKey) {
            encoding = encodings.get(key);
            if (encoding == null) {
                encoding = encodingOf(key);
                encodings.put(key, encoding);
            }
            last = encoding;
            lastKey = key;
        }
        return encoding;
    }

    /** An incompatible schema is remembered as well as a compatible one; an unknown one is asked for again. */
    private Encoding encodingOf(long key) throws DecodeException, InterruptedException {
        Schema schema = writers.byKey(key);
        try {
            return new Encoding(SchemaResolution.between(schema, readers), null);
        } catch (DecodeException incompatible) {
            return new Encoding(null, incompatible);
        }
    }

    private record Encoding(
            @Nullable SchemaResolution asResolved, @Nullable DecodeException refusal) {
        /** Null where the bytes can be taken as they are. */
        @Nullable SchemaResolution resolution() throws DecodeException {
            if (refusal != null) {
                throw refusal;
            }
            return asResolved;
        }
    }
}
