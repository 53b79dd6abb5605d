package io.tradeenrichment.codec;

import io.tradeenrichment.model.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParseException;

/** A fixed set of schemas, found by fingerprint: the job's own and those that were given at start. */
public final class KnownSchemas implements WriterSchemas {
    private final Map<Long, String> jsonByFingerprint = new HashMap<>();

    private KnownSchemas() {}

    /** Knows exactly the given schemas. */
    public static KnownSchemas of(List<Schema> schemas) {
        KnownSchemas known = new KnownSchemas();
        // As text, since that is how they travel with the job; aliases, which compare equal, must not get lost.
        schemas.forEach(schema -> known.jsonByFingerprint.put(Framing.fingerprint(schema), schema.toString()));
        return known;
    }

    /**
     * Parses a schema that a user gave.
     *
     * @throws IllegalArgumentException with one sentence that names where it came from
     */
    public static Schema parse(String json, String from) {
        try {
            return new Schema.Parser().parse(json);
        } catch (SchemaParseException e) {
            throw new IllegalArgumentException(from + " is not an Avro schema: " + e.getMessage(), e);
        }
    }

    @Override
    public Schema byKey(long key) throws Refusal {
        String json = jsonByFingerprint.get(key);
        if (json == null) {
            throw new Refusal(
                    Reason.UNKNOWN_SCHEMA, String.format("no schema with the fingerprint 0x%016X is known", key));
        }
        return parse(json, "a schema that travels with the job");
    }
}
