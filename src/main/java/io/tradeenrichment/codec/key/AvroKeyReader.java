package io.tradeenrichment.codec.key;

import io.tradeenrichment.codec.binary.Cursor;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.layout.IdType;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.codec.schema.SchemaCache;
import io.tradeenrichment.codec.schema.WriterSchemas;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.SourceRecord;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Reads ids in Avro, with the same framing as the values. */
final class AvroKeyReader implements KeyReader {
    private static final Schema[] IDS = {
        Schema.create(Schema.Type.LONG), Schema.create(Schema.Type.INT), Schema.create(Schema.Type.STRING)
    };

    private final Framing framing;
    private final SchemaCache<AvroKeySchema> schemas;
    private final KeyErrors errors;
    private final Cursor cursor = new Cursor();
    private byte @Nullable [] text;

    AvroKeyReader(Dimension dimension, Framing framing, WriterSchemas writers, JobSchemas job) {
        this.framing = framing;
        this.schemas = new SchemaCache<>(
                framing == Framing.SINGLE_OBJECT ? withIds(writers) : writers,
                schema -> AvroKeySchema.of(schema, dimension, job));
        String form = "in Avro with " + framing.title() + " framing";
        this.errors = job.row(dimension).idType() == IdType.TEXT
                ? KeyErrors.ofText(dimension, KeyFormat.AVRO, form)
                : new KeyErrors(dimension, KeyFormat.AVRO, form);
    }

    @Override
    public byte @Nullable [] text() {
        return text;
    }

    /** The fingerprints of plain ids are known without a schema file. */
    private static WriterSchemas withIds(WriterSchemas writers) {
        return key -> {
            for (Schema schema : IDS) {
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
            AvroKeySchema schema = schemas.get(schemaKey);
            long id = schema.id(cursor.wrap(key, framing.length()));
            text = schema.text();
            return id;
        } catch (DecodeException e) {
            boolean configurable = framing == Framing.SINGLE_OBJECT && e.reason() == Reason.UNKNOWN_SCHEMA;
            throw errors.noId(
                    key, e.sentence() + (configurable ? "; name the key's .avsc file in wire.writer-schemas" : ""));
        }
    }
}
