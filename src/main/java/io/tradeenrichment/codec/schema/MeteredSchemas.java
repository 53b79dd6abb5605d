package io.tradeenrichment.codec.schema;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.model.Feed;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Measures the lookups of writers' schemas: their number, their duration, and whether one is open. One thread looks up,
 * any thread reads the gauges.
 */
public final class MeteredSchemas implements FeedSchemas {
    private final FeedSchemas writers;
    private final AtomicLong lookups = new AtomicLong();
    /** Of the completed lookups, in nanoseconds. */
    private final AtomicLong duration = new AtomicLong();
    /** The {@link System#nanoTime} at which the open lookup started; null if none is open. */
    private transient volatile @Nullable Long openSince;

    public MeteredSchemas(FeedSchemas writers) {
        this.writers = writers;
    }

    @Override
    public WriterSchemas of(Feed feed) {
        WriterSchemas ofFeed = writers.of(feed);
        return key -> lookUp(ofFeed, key);
    }

    private Schema lookUp(WriterSchemas ofFeed, long key) throws DecodeException, InterruptedException {
        long start = System.nanoTime();
        lookups.incrementAndGet();
        openSince = start;
        try {
            return ofFeed.byKey(key);
        } finally {
            duration.addAndGet(System.nanoTime() - start);
            openSince = null;
        }
    }

    public void register(BiConsumer<String, LongSupplier> gauges) {
        gauges.accept("schemaLookups", lookups::get);
        gauges.accept("schemaLookupsWaiting", () -> openSince == null ? 0 : 1);
        gauges.accept("schemaLookupSeconds", this::seconds);
    }

    private long seconds() {
        Long start = openSince;
        long open = start == null ? 0 : System.nanoTime() - start;
        return TimeUnit.NANOSECONDS.toSeconds(duration.get() + open);
    }
}
