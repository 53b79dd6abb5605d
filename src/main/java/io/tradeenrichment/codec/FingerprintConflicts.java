package io.tradeenrichment.codec;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.key.AvroKeySchema;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.layout.RowSchema;
import io.tradeenrichment.codec.resolution.ConversionDifference;
import org.apache.avro.Schema;

/** Detects schemas that have the same fingerprint but are read differently, because their units differ. */
final class FingerprintConflicts {
    private FingerprintConflicts() {}

    /**
     * A value without a unit is read in the job's unit, so a schema without units does not conflict with the job's own.
     *
     * @throws IllegalArgumentException if the two schemas of one fingerprint are read differently
     */
    static void check(Schema one, Schema other, JobSchemas job) {
        for (RowSchema row : job.rows()) {
            if (isKey(one, row, job) != isKey(other, row, job)) {
                throw new IllegalArgumentException("two schemas of keys (" + one + " and " + other
                        + ") have the same fingerprint, but only one of them has an id of the " + row.dimension());
            }
        }
        for (Schema readers : job.readers()) {
            String difference = ConversionDifference.between(one, other, readers);
            if (difference != null) {
                throw new IllegalArgumentException(
                        "two schemas of " + one.getFullName() + " have the same fingerprint, but " + difference);
            }
        }
    }

    private static boolean isKey(Schema schema, RowSchema row, JobSchemas job) {
        try {
            AvroKeySchema.of(schema, row.dimension(), job);
            return true;
        } catch (DecodeException e) {
            return false;
        }
    }
}
