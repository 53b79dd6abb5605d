package io.tradeenrichment.codec;

import org.jspecify.annotations.Nullable;

/**
 * Reads one value, encoded under a writer's schema, and writes the same value as the job's schema encodes it. Made once
 * per pair of schemas; one thread at a time.
 */
interface ValueReader {

    /** @throws DecodeException if the bytes are no such value, or the value has no counterpart under the job's schema */
    void read(Cursor in, DatumBuffer out) throws DecodeException;

    /** Whether every value is encoded alike under both schemas, so that its bytes can be taken as they are. */
    default boolean takesBytesAsTheyAre() {
        return false;
    }

    /** The sentence, where no value at all can be read. */
    default @Nullable String failure() {
        return null;
    }

    /** What becomes of a value's unit. Two readers of the same types with the same title read the same values. */
    default String title() {
        return "as it is";
    }
}
