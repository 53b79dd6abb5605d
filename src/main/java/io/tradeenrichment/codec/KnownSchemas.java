package io.tradeenrichment.codec;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.schema.Fingerprints;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.codec.schema.WriterSchemas;
import io.tradeenrichment.model.Reason;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;

/**
 * A fixed set of writers' schemas by fingerprint: the job's own and those of the user. A schema is found by each of its
 * {@link Fingerprints}.
 *
 * <p>A fingerprint does not cover units, so a set must not contain two schemas with the same fingerprint that are read
 * differently.
 */
public final class KnownSchemas implements WriterSchemas {
    private final Map<Long, String> jsonByFingerprint = new HashMap<>();

    private KnownSchemas() {}

    /**
     * Checks the schemas of a user together with the job's own.
     *
     * @throws IllegalArgumentException as {@link #of(List, Collection, JobSchemas)}
     */
    public static void check(Collection<String> json, JobSchemas job) {
        of(job.readers(), json, job);
    }

    /**
     * With the bundled schemas.
     *
     * @throws IllegalArgumentException if two schemas have the same fingerprint but are read differently
     */
    public static KnownSchemas of(List<Schema> schemas) {
        return of(schemas, List.of(), JobSchemas.bundled());
    }

    /**
     * @param own schemas of the job that records may be written with
     * @param json schemas of the user
     * @param job the schemas that records are read with
     * @throws IllegalArgumentException if one is not a schema, or two have the same fingerprint but are read differently
     */
    public static KnownSchemas of(List<Schema> own, Collection<String> json, JobSchemas job) {
        List<Schema> all = new ArrayList<>(own);
        json.forEach(one -> all.add(Schemas.parse(one, "a writer's schema")));
        Map<Long, Schema> byFingerprint = new HashMap<>();
        KnownSchemas known = new KnownSchemas();
        for (Schema schema : all) {
            for (long fingerprint : Fingerprints.allOf(schema)) {
                Schema other = byFingerprint.put(fingerprint, schema);
                if (other != null) {
                    FingerprintConflicts.check(schema, other, job);
                }
                // JSON is what the job graph carries. Also for equal schemas: they may differ in aliases.
                known.jsonByFingerprint.put(fingerprint, schema.toString());
            }
        }
        return known;
    }

    @Override
    public Schema byKey(long key) throws DecodeException {
        String json = jsonByFingerprint.get(key);
        if (json == null) {
            throw new DecodeException(
                    Reason.UNKNOWN_SCHEMA, String.format("no schema with the fingerprint 0x%016X is known", key));
        }
        return Schemas.parse(json, "a schema in the job graph");
    }
}
