package io.tradeenrichment.codec;

import io.tradeenrichment.codec.SchemaResolver.Conversion;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A fixed set of schemas, found by fingerprint: the job's own and those that were given at start. Both readings of the
 * specification's canonical form count.
 *
 * <p>A fingerprint is made of names, order and types, not of units, so no two schemas can be in one set that have a
 * fingerprint in common and would be read otherwise.
 */
public final class KnownSchemas implements WriterSchemas {
    private static final Conversion NONE = new Conversion("", "nothing", "");

    private final Map<Long, String> jsonByFingerprint = new HashMap<>();

    private KnownSchemas() {}

    /**
     * The schemas that the job and its commands read records as. Not a constant: a JobManager deserializes this class in a
     * thread that outlives the job, and Avro's parser leaves objects of the job's class loader in the thread that it runs in.
     */
    private static List<Schema> readAs() {
        return List.of(Schemas.TRADE, Schemas.INSTRUMENT, Schemas.USER, Schemas.ENRICHED_TRADE);
    }

    /**
     * @param json of schemas that a user gave
     * @throws IllegalArgumentException if one is no schema, or they cannot be told apart from each other or the job's own
     */
    public static void check(Collection<String> json) {
        of(readAs(), json);
    }

    /**
     * Knows exactly the given schemas.
     *
     * @throws IllegalArgumentException if two of them have one fingerprint, but values of other units
     */
    public static KnownSchemas of(List<Schema> schemas) {
        Map<Long, Schema> byFingerprint = new HashMap<>();
        KnownSchemas known = new KnownSchemas();
        for (Schema schema : schemas) {
            for (long fingerprint : Fingerprints.allOf(schema)) {
                Schema other = byFingerprint.put(fingerprint, schema);
                if (other != null) {
                    refuseOtherUnits(schema, other);
                }
                // As text, since that is how they travel with the job; aliases, which compare equal, must not get lost.
                known.jsonByFingerprint.put(fingerprint, schema.toString());
            }
        }
        return known;
    }

    /**
     * Knows some of the job's own schemas and those that a user gave.
     *
     * @param json of the given ones
     * @throws IllegalArgumentException if one is no schema, or two have one fingerprint, but values of other units
     */
    public static KnownSchemas of(List<Schema> own, Collection<String> json) {
        List<Schema> all = new ArrayList<>(own);
        json.forEach(one -> all.add(parse(one, "a writer's schema")));
        return of(all);
    }

    /** A plain value is read in the job's unit, so a schema without units may be beside the job's own. */
    private static void refuseOtherUnits(Schema one, Schema other) {
        for (Dimension dimension : Dimension.values()) {
            if (isKey(one, dimension) != isKey(other, dimension)) {
                throw new IllegalArgumentException("two schemas of keys (" + one + " and " + other
                        + ") cannot be told apart by their fingerprint, but only one of them holds an id of the "
                        + dimension.title());
            }
        }
        for (Schema readers : readAs()) {
            String difference = difference(conversions(one, readers), conversions(other, readers));
            if (difference != null) {
                throw new IllegalArgumentException("two schemas of " + one.getFullName()
                        + " cannot be told apart by their fingerprint, but " + difference);
            }
        }
    }

    private static boolean isKey(Schema schema, Dimension dimension) {
        try {
            AvroKeySchema.of(schema, dimension);
            return true;
        } catch (DecodeException refusal) {
            return false;
        }
    }

    private static @Nullable String difference(List<Conversion> ones, List<Conversion> others) {
        for (int i = 0; i < Math.max(ones.size(), others.size()); i++) {
            Conversion one = i < ones.size() ? ones.get(i) : NONE;
            Conversion other = i < others.size() ? others.get(i) : NONE;
            if (!one.path().equals(other.path()) || !one.effect().equals(other.effect())) {
                return (one.path().isEmpty() ? other.path() : one.path()) + " is " + one.written() + " in one and "
                        + other.written() + " in the other";
            }
        }
        return null;
    }

    /** One that is of no value's, for a schema that cannot be read. */
    private static List<Conversion> conversions(Schema writers, Schema readers) {
        try {
            return SchemaResolution.resolved(writers, readers).conversions();
        } catch (DecodeException refusal) {
            return List.of(new Conversion(readers.getName(), "not readable (" + refusal.sentence() + ")", "refused"));
        }
    }

    /**
     * Parses a schema that a user gave. Leniently: names and defaults of other people's schemas play no part in reading.
     *
     * @throws IllegalArgumentException with one sentence that names where it came from
     */
    public static Schema parse(String json, String from) {
        try {
            return Schemas.lenientParser().parse(json);
        } catch (RuntimeException e) {
            // Avro has one exception for broken syntax, others for a wrong symbol or a duplicate, and none for some.
            throw new IllegalArgumentException(from + " is not an Avro schema: " + e.getMessage(), e);
        }
    }

    @Override
    public Schema byKey(long key) throws DecodeException {
        String json = jsonByFingerprint.get(key);
        if (json == null) {
            throw new DecodeException(
                    Reason.UNKNOWN_SCHEMA, String.format("no schema with the fingerprint 0x%016X is known", key));
        }
        return parse(json, "a schema that travels with the job");
    }
}
