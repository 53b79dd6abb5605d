package io.tradeenrichment.codec;

import io.tradeenrichment.model.Feed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Hands questions for writers' schemas on, and tells how they go: whether one is open at this moment, how many there were
 * and how long they took. Asked by one thread, watched by any.
 */
public final class SchemaLookups implements FeedSchemas {
    private final FeedSchemas writers;
    private final AtomicLong lookups = new AtomicLong();
    /** Nanoseconds of the lookups that are over. */
    private final AtomicLong waited = new AtomicLong();
    /** In the clock of {@link System#nanoTime}; null if nothing is being asked. */
    private transient volatile @Nullable Long askedAt;

    public SchemaLookups(FeedSchemas writers) {
        this.writers = writers;
    }

    @Override
    public WriterSchemas of(Feed feed) {
        WriterSchemas ofFeed = writers.of(feed);
        return key -> lookUp(ofFeed, key);
    }

    private Schema lookUp(WriterSchemas ofFeed, long key) throws DecodeException, InterruptedException {
        long began = System.nanoTime();
        lookups.incrementAndGet();
        askedAt = began;
        try {
            return ofFeed.byKey(key);
        } finally {
            waited.addAndGet(System.nanoTime() - began);
            askedAt = null;
        }
    }

    /** Lets the numbers be seen, each under its name. */
    public void register(BiConsumer<String, LongSupplier> gauges) {
        gauges.accept("schemaLookups", lookups::get);
        gauges.accept("schemaLookupsWaiting", () -> askedAt == null ? 0 : 1);
        gauges.accept("schemaLookupSeconds", this::seconds);
    }

    private long seconds() {
        Long began = askedAt;
        long open = began == null ? 0 : System.nanoTime() - began;
        return TimeUnit.NANOSECONDS.toSeconds(waited.get() + open);
    }
}
