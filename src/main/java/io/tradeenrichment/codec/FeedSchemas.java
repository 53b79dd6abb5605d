package io.tradeenrichment.codec;

import io.tradeenrichment.model.Feed;
import java.io.Serializable;

/**
 * The writers' schemas of each feed. A registry may hold several contexts, and the same id in two of them names two
 * schemas: which one is meant depends on the feed.
 */
@FunctionalInterface
public interface FeedSchemas extends Serializable {

    /** Those that the records of this feed are written with. */
    WriterSchemas of(Feed feed);
}
