package io.tradeenrichment.codec;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.key.AvroKeySchema;
import io.tradeenrichment.codec.resolution.ConversionDifference;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.model.Dimension;
import java.util.List;
import org.apache.avro.Schema;

/** Detects schemas that have the same fingerprint but are read differently, because their units differ. */
final class FingerprintConflicts {
    private FingerprintConflicts() {}

    /**
     * The schemas that the job and its commands read records with. Not a constant: a JobManager deserializes
     * {@link KnownSchemas} in a thread that outlives the job, and Avro's parser keeps objects of the job's class loader in
     * the threads that initialize it.
     */
    static List<Schema> readersSchemas() {
        return List.of(Schemas.TRADE, Schemas.INSTRUMENT, Schemas.USER, Schemas.ENRICHED_TRADE);
    }

    /**
     * A value without a unit is read in the job's unit, so a schema without units does not conflict with the job's own.
     *
     * @throws IllegalArgumentException if the two schemas of one fingerprint are read differently
     */
    static void check(Schema one, Schema other) {
        for (Dimension dimension : Dimension.BUNDLED) {
            if (isKey(one, dimension) != isKey(other, dimension)) {
                throw new IllegalArgumentException("two schemas of keys (" + one + " and " + other
                        + ") have the same fingerprint, but only one of them has an id of the " + dimension.title());
            }
        }
        for (Schema readers : readersSchemas()) {
            String difference = ConversionDifference.between(one, other, readers);
            if (difference != null) {
                throw new IllegalArgumentException(
                        "two schemas of " + one.getFullName() + " have the same fingerprint, but " + difference);
            }
        }
    }

    private static boolean isKey(Schema schema, Dimension dimension) {
        try {
            AvroKeySchema.of(schema, dimension);
            return true;
        } catch (DecodeException e) {
            return false;
        }
    }
}
