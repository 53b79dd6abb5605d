package io.tradeenrichment.codec.schema;

import io.tradeenrichment.model.Feed;
import java.io.Serializable;

/**
 * The writers' schemas of each feed. A registry may have several contexts, in which the same id means different schemas,
 * so the feed decides which one is meant.
 */
@FunctionalInterface
public interface FeedSchemas extends Serializable {

    WriterSchemas of(Feed feed);
}
