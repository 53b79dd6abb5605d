package io.tradeenrichment.codec;

import io.tradeenrichment.model.SourceRecord;

/**
 * Reads the row's id from the key of a dimension's record. Compaction and tombstones go by the key, and a tombstone has
 * nothing else that says which row it deletes: a key that is not certainly an id is rejected. One thread at a time.
 */
public interface KeyReader {

    /**
     * May block where an Avro key names a writer's schema for the first time: a registry is asked then.
     *
     * @throws DecodeException with {@link io.tradeenrichment.model.Reason#WRONG_KEY} if the key is missing, or is not an id in
     *     the dimension's key format
     */
    long id(SourceRecord record) throws DecodeException, InterruptedException;
}
