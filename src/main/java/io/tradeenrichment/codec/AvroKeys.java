package io.tradeenrichment.codec;

import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.SourceRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Ids in Avro, framed as the values are. The schemas are found by the key that the framing carries. */
final class AvroKeys implements KeyReader {
    private static final Schema[] BUILT_IN = {Schema.create(Schema.Type.LONG), Schema.create(Schema.Type.INT)};

    private final Dimension dimension;
    private final Framing framing;
    private final WriterSchemas writers;
    private final WrongKey wrong;
    private final Cursor cursor = new Cursor();
    private final Map<Long, Found> schemas = new HashMap<>();
    private long lastKey;
    private @Nullable Found last;

    AvroKeys(Dimension dimension, Framing framing, WriterSchemas writers) {
        this.dimension = dimension;
        this.framing = framing;
        this.writers = writers;
        this.wrong = new WrongKey(dimension, KeyFormat.AVRO, "in Avro with " + framing.title() + " framing");
    }

    @Override
    public long id(SourceRecord record) throws DecodeException, InterruptedException {
        byte[] key = record.key();
        if (key == null) {
            throw wrong.found(null);
        }
        long schemaKey;
        try {
            schemaKey = framing.schemaKey(key);
        } catch (DecodeException otherFraming) {
            throw wrong.found(key);
        }
        try {
            return schema(schemaKey).required().id(cursor.wrap(key, framing.length()));
        } catch (DecodeException refusal) {
            boolean configurable = framing == Framing.SINGLE_OBJECT && refusal.reason() == Reason.UNKNOWN_SCHEMA;
            throw wrong.found(
                    key,
                    refusal.sentence() + (configurable ? "; name the key's .avsc file in wire.writer-schemas" : ""));
        }
    }

    private Found schema(long key) throws DecodeException, InterruptedException {
        Found schema = last;
        if (schema == null || key != lastKey) {
            schema = schemas.get(key);
            if (schema == null) {
                schema = readable(writersSchema(key));
                schemas.put(key, schema);
            }
            last = schema;
            lastKey = key;
        }
        return schema;
    }

    /** The only place that asks for schemas of keys. */
    private Schema writersSchema(long key) throws DecodeException, InterruptedException {
        if (framing == Framing.SINGLE_OBJECT) {
            for (Schema schema : BUILT_IN) {
                if (Framing.fingerprint(schema) == key) {
                    return schema;
                }
            }
        }
        return writers.byKey(key);
    }

    /** A schema that has no id is remembered as well as one that has; an unknown one is asked for again. */
    private Found readable(Schema schema) {
        try {
            return new Found(AvroKeySchema.of(schema, dimension), null);
        } catch (DecodeException refusal) {
            return new Found(null, refusal);
        }
    }

    private record Found(
            @Nullable AvroKeySchema schema, @Nullable DecodeException refusal) {
        AvroKeySchema required() throws DecodeException {
            if (refusal != null) {
                throw refusal;
            }
            return Objects.requireNonNull(schema);
        }
    }
}
