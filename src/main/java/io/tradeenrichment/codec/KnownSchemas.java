package io.tradeenrichment.codec;

import io.tradeenrichment.model.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A fixed set of schemas, found by fingerprint: the job's own and those that were given at start.
 *
 * <p>A fingerprint is made of names, order and types, not of logical types, so no two schemas that differ only in the
 * unit or scale of a value can be in one set.
 */
public final class KnownSchemas implements WriterSchemas {
    private final Map<Long, String> jsonByFingerprint = new HashMap<>();

    private KnownSchemas() {}

    /**
     * Knows exactly the given schemas.
     *
     * @throws IllegalArgumentException if two of them have one fingerprint, but values of other units
     */
    public static KnownSchemas of(List<Schema> schemas) {
        Map<Long, Schema> byFingerprint = new HashMap<>();
        KnownSchemas known = new KnownSchemas();
        for (Schema schema : schemas) {
            long fingerprint = Framing.fingerprint(schema);
            Schema other = byFingerprint.put(fingerprint, schema);
            if (other != null) {
                refuseOtherUnits(schema, other);
            }
            // As text, since that is how they travel with the job; aliases, which compare equal, must not get lost.
            known.jsonByFingerprint.put(fingerprint, schema.toString());
        }
        return known;
    }

    /** A schema that names no units at all is read in the other's, so one of the two directions may be refused. */
    private static void refuseOtherUnits(Schema one, Schema other) {
        Refusal refusal = refusal(one, other);
        if (refusal != null && refusal(other, one) != null) {
            throw new IllegalArgumentException(
                    "two schemas of " + one.getFullName() + " cannot be told apart by their fingerprint: "
                            + refusal.sentence(),
                    refusal);
        }
    }

    private static @Nullable Refusal refusal(Schema writers, Schema readers) {
        try {
            SchemaResolution.between(writers, readers);
            return null;
        } catch (Refusal refusal) {
            return refusal;
        }
    }

    /**
     * Parses a schema that a user gave.
     *
     * @throws IllegalArgumentException with one sentence that names where it came from
     */
    public static Schema parse(String json, String from) {
        try {
            return new Schema.Parser().parse(json);
        } catch (RuntimeException e) {
            // Avro has one exception for broken syntax, others for a wrong default or a duplicate, and none for some.
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
