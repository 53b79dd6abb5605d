package io.tradeenrichment.codec;

import java.nio.charset.StandardCharsets;
import org.apache.avro.Schema;

/** Writes the keys of a dimension's records in one of the key formats. One thread at a time. */
public final class KeyWriter {
    /** What an Avro key is written with: the id alone. */
    public static final Schema AVRO_SCHEMA = Schema.create(Schema.Type.LONG);

    private final KeyFormat format;
    private final byte[] prefix;
    private final DatumBuffer buffer = new DatumBuffer();

    /** @param prefix the framing before an Avro key, which names {@link #AVRO_SCHEMA}; of no use to the other formats */
    public KeyWriter(KeyFormat format, byte[] prefix) {
        this.format = format;
        this.prefix = prefix.clone();
    }

    /** Under single-object framing, where the prefix needs no registry. */
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
