package io.tradeenrichment.market;

import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.model.Feed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/** The framing before the datums of each feed, with the key of the feed's schema. */
public record FramingPrefixes(Framing framing, Map<Feed, Long> schemaKeys) {
    public static final FramingPrefixes SINGLE_OBJECT = singleObject(JobSchemas.bundled());

    public FramingPrefixes {
        schemaKeys = Map.copyOf(schemaKeys);
    }

    /** With the fingerprints of the schemas. */
    public static FramingPrefixes singleObject(JobSchemas schemas) {
        return of(Framing.SINGLE_OBJECT, schemas.feeds(), feed -> Framing.fingerprint(schemas.of(feed)));
    }

    /**
     * Of the bundled feeds.
     *
     * @param schemaKeys ids in a registry, or fingerprints
     */
    public static FramingPrefixes of(Framing framing, ToLongFunction<Feed> schemaKeys) {
        return of(framing, Feed.BUNDLED, schemaKeys);
    }

    private static FramingPrefixes of(Framing framing, List<Feed> feeds, ToLongFunction<Feed> schemaKeys) {
        Map<Feed, Long> keys = new HashMap<>();
        for (Feed feed : feeds) {
            keys.put(feed, schemaKeys.applyAsLong(feed));
        }
        return new FramingPrefixes(framing, keys);
    }

    public byte[] of(Feed feed) {
        Long key = schemaKeys.get(feed);
        if (key == null) {
            throw new IllegalArgumentException(feed.title() + " have no schema key");
        }
        return framing.prefix(key);
    }
}
