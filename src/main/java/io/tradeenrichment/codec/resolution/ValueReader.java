package io.tradeenrichment.codec.resolution;

import io.tradeenrichment.codec.binary.Cursor;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.binary.DecodeException;
import org.jspecify.annotations.Nullable;

/**
 * Reads one value under the writer's schema and writes it under the job's. Built once per pair of schemas; not
 * thread-safe.
 */
interface ValueReader {

    /** @throws DecodeException if the bytes are malformed, or the job's schema has no counterpart for the value */
    void read(Cursor in, DatumBuffer out) throws DecodeException;

    /** Whether both schemas encode every value identically, so that the bytes need no conversion. */
    default boolean isIdentity() {
        return false;
    }

    /** Why no value at all can be read; null if some can. */
    default @Nullable String failure() {
        return null;
    }

    /** How the value is converted. Two readers of the same types with equal conversions read the same values. */
    default String conversion() {
        return "as it is";
    }
}
