package io.tradeenrichment.codec.key;

import io.tradeenrichment.codec.binary.Cursor;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.codec.schema.SchemaCache;
import io.tradeenrichment.codec.schema.WriterSchemas;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.SourceRecord;
import org.apache.avro.Schema;

/** Reads ids in Avro, with the same framing as the values. */
final class AvroKeyReader implements KeyReader {
    private static final Schema[] NUMBERS = {Schema.create(Schema.Type.LONG), Schema.create(Schema.Type.INT)};

    private final Framing framing;
    private final SchemaCache<AvroKeySchema> schemas;
    private final KeyErrors errors;
    private final Cursor cursor = new Cursor();

    AvroKeyReader(Dimension dimension, Framing framing, WriterSchemas writers) {
        this.framing = framing;
        this.schemas = new SchemaCache<>(
                framing == Framing.SINGLE_OBJECT ? withNumbers(writers) : writers,
                schema -> AvroKeySchema.of(schema, dimension));
        this.errors = new KeyErrors(dimension, KeyFormat.AVRO, "in Avro with " + framing.title() + " framing");
    }

    /** The fingerprints of plain numbers are known without a schema file. */
    private static WriterSchemas withNumbers(WriterSchemas writers) {
        return key -> {
            for (Schema schema : NUMBERS) {
                if (Framing.fingerprint(schema) == key) {
                    return schema;
                }
            }
            return writers.byKey(key);
        };
    }

    @Override
    public long id(SourceRecord record) throws DecodeException, InterruptedException {
        byte[] key = record.key();
        if (key == null) {
            throw errors.wrongFormat(null);
        }
        long schemaKey;
        try {
            schemaKey = framing.schemaKey(key);
        } catch (DecodeException otherFraming) {
            throw errors.wrongFormat(key);
        }
        try {
            return schemas.get(schemaKey).id(cursor.wrap(key, framing.length()));
        } catch (DecodeException e) {
            boolean configurable = framing == Framing.SINGLE_OBJECT && e.reason() == Reason.UNKNOWN_SCHEMA;
            throw errors.noId(
                    key, e.sentence() + (configurable ? "; name the key's .avsc file in wire.writer-schemas" : ""));
        }
    }
}
