package io.tradeenrichment.codec.key;

import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.schema.Framing;
import java.nio.charset.StandardCharsets;
import org.apache.avro.Schema;

/** Writes the keys of a dimension's records in one of the key formats. Not thread-safe. */
public final class KeyWriter {
    /** The schema of an Avro key: the id alone. */
    public static final Schema AVRO_SCHEMA = Schema.create(Schema.Type.LONG);

    private final KeyFormat format;
    private final byte[] prefix;
    private final DatumBuffer buffer = new DatumBuffer();

    /** @param prefix the framing of an Avro key with the key of {@link #AVRO_SCHEMA}; unused by the other formats */
    public KeyWriter(KeyFormat format, byte[] prefix) {
        this.format = format;
        this.prefix = prefix.clone();
    }

    /** With single-object framing, which needs no registry. */
    public static KeyWriter singleObject(KeyFormat format) {
        return new KeyWriter(format, Framing.SINGLE_OBJECT.prefix(Framing.fingerprint(AVRO_SCHEMA)));
    }

    public byte[] key(long id) {
        return switch (format) {
            case BIG_ENDIAN -> DatumBuffer.key(id);
            case TEXT -> Long.toString(id).getBytes(StandardCharsets.US_ASCII);
            case AVRO ->
                buffer.clear().writeRaw(prefix, 0, prefix.length).writeLong(id).toBytes();
        };
    }
}
