package io.tradeenrichment.codec;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.resolution.SchemaResolution;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.codec.schema.SchemaCache;
import io.tradeenrichment.codec.schema.WriterSchemas;
import io.tradeenrichment.model.Reason;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Finds the datum in a record's value and resolves it to the job's schema if the writer's schema differs. A flyweight:
 * after {@link #wrap}, the datum is in {@link #bytes} from {@link #start} to the end of the array. Not thread-safe.
 */
public final class DatumReader {
    private final Framing framing;
    private final int maxSize;
    private final SchemaCache<Decoding> decodings;
    private byte[] bytes = {};
    private int start;
    private long resolved;

    /** @param maxSize longer values are rejected without reading them, in bytes */
    public DatumReader(Framing framing, WriterSchemas writers, Schema readers, int maxSize) {
        this.framing = framing;
        this.maxSize = maxSize;
        this.decodings = new SchemaCache<>(writers, schema -> new Decoding(SchemaResolution.between(schema, readers)));
    }

    /** @param resolution null if the datum is encoded under the job's schema already */
    private record Decoding(@Nullable SchemaResolution resolution) {}

    /**
     * May block on a registry lookup, once per schema.
     *
     * @throws DecodeException if the value is too large, has another framing, or cannot be read with the writer's schema
     */
    public void wrap(byte[] value) throws DecodeException, InterruptedException {
        if (value.length > maxSize) {
            throw new DecodeException(
                    Reason.TOO_LARGE,
                    "the value has " + value.length + " bytes, more than wire.record.max-size allows (" + maxSize
                            + ")");
        }
        SchemaResolution resolution = decodings.get(framing.schemaKey(value)).resolution();
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

    /** The number of values so far that needed schema resolution, which is slower. */
    public long resolved() {
        return resolved;
    }
}
