package io.tradeenrichment.codec.key;

import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.layout.IdType;
import io.tradeenrichment.codec.schema.Framing;
import java.nio.charset.StandardCharsets;
import org.apache.avro.Schema;

/** Writes the keys of a dimension's records in one of the key formats. Not thread-safe. */
public final class KeyWriter {
    private final KeyFormat format;
    private final byte[] prefix;
    private final DatumBuffer buffer = new DatumBuffer();

    /** @param prefix the framing of an Avro key with the key of {@link #avroSchema}; unused by the other formats */
    public KeyWriter(KeyFormat format, byte[] prefix) {
        this.format = format;
        this.prefix = prefix.clone();
    }

    /** Of integers, with single-object framing, which needs no registry. */
    public static KeyWriter singleObject(KeyFormat format) {
        return singleObject(format, IdType.LONG);
    }

    /** With single-object framing, which needs no registry. */
    public static KeyWriter singleObject(KeyFormat format, IdType ids) {
        return new KeyWriter(format, Framing.SINGLE_OBJECT.prefix(Framing.fingerprint(avroSchema(ids))));
    }

    /** The schema of an Avro key: the id alone, a long or a string. */
    public static Schema avroSchema(IdType ids) {
        return Schema.create(ids == IdType.TEXT ? Schema.Type.STRING : Schema.Type.LONG);
    }

    public byte[] key(long id) {
        return switch (format) {
            case BIG_ENDIAN -> DatumBuffer.key(id);
            case TEXT -> Long.toString(id).getBytes(StandardCharsets.US_ASCII);
            case AVRO ->
                buffer.clear().writeRaw(prefix, 0, prefix.length).writeLong(id).toBytes();
        };
    }

    /**
     * @param id in UTF-8
     * @throws IllegalStateException if the format is big-endian
     */
    public byte[] key(byte[] id) {
        return switch (format) {
            case BIG_ENDIAN -> throw new IllegalStateException("a text has no big-endian key");
            case TEXT -> id.clone();
            case AVRO ->
                buffer.clear()
                        .writeRaw(prefix, 0, prefix.length)
                        .writeBytes(id, 0, id.length)
                        .toBytes();
        };
    }
}
