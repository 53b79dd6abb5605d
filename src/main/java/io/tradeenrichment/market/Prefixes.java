package io.tradeenrichment.market;

import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.model.Feed;
import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/** What stands before each datum: the framing, with the key under which a reader finds the feed's schema. */
public record Prefixes(Framing framing, Map<Feed, Long> schemaKeys) {
    /** By the schemas' own fingerprints. */
    public static final Prefixes SINGLE_OBJECT =
            of(Framing.SINGLE_OBJECT, feed -> Framing.fingerprint(Schemas.of(feed)));

    public Prefixes {
        schemaKeys = Map.copyOf(schemaKeys);
    }

    /** @param schemaKeys of each feed: a registry's id or a fingerprint */
    public static Prefixes of(Framing framing, ToLongFunction<Feed> schemaKeys) {
        Map<Feed, Long> keys = new EnumMap<>(Feed.class);
        for (Feed feed : Feed.values()) {
            keys.put(feed, schemaKeys.applyAsLong(feed));
        }
        return new Prefixes(framing, keys);
    }

    /** A new array each time. */
    public byte[] of(Feed feed) {
        Long key = schemaKeys.get(feed);
        if (key == null) {
            throw new IllegalArgumentException(feed.title() + " have no schema");
        }
        return framing.prefix(key);
    }
}
