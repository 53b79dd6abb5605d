package io.tradeenrichment.join;

import io.tradeenrichment.state.IdPage;
import io.tradeenrichment.state.PageId;
import io.tradeenrichment.types.ModelTypes;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.runtime.state.internal.InternalValueState;
import org.apache.flink.streaming.api.operators.KeyContext;
import org.jspecify.annotations.Nullable;

/**
 * A write-back cache of {@link IdPage}s in front of keyed state. A page is written to state when a checkpoint begins or
 * when it is evicted, not for each added id. The oldest entry is evicted first; a page in use is soon loaded again.
 * What a failure loses is not in the last checkpoint either.
 *
 * <p>The TTL of a page begins with its write, so state keeps it slightly longer than if it were written at once.
 */
final class IdPageCache {
    /** At about 500 bytes a page, 8 MB. Each changed page is written while a checkpoint begins. */
    static final int MAX_ENTRIES = 1 << 14;

    private final InternalValueState<Long, PageId, IdPage> state;
    private final KeyContext keys;
    private final int maxEntries;
    /** Each entry is its own key: an entry with the same key and page id finds it. */
    private final Map<CacheEntry, CacheEntry> entries = new LinkedHashMap<>();

    private @Nullable CacheEntry last;

    /**
     * @param state of {@link SeenTrades#descriptor}, with {@link ModelTypes#PAGE_ID} as its namespace
     * @param keys of the operator with that state
     * @param maxEntries how many pages are cached, at least one
     */
    @SuppressWarnings("unchecked") // all keyed state implements this interface, which windows use too
    IdPageCache(ValueState<IdPage> state, KeyContext keys, int maxEntries) {
        this.state = (InternalValueState<Long, PageId, IdPage>) state;
        this.keys = keys;
        this.maxEntries = maxEntries;
    }

    /** The page of the current key; null if there is none. */
    @Nullable IdPage read(PageId id) throws Exception {
        return entry(id).page;
    }

    /** Sets the page of the current key; null removes it. */
    void write(PageId id, @Nullable IdPage page) throws Exception {
        CacheEntry entry = entry(id);
        entry.page = page;
        entry.dirty = true;
    }

    /** Writes all changed pages to state. */
    void flush() throws Exception {
        Object current = keys.getCurrentKey();
        for (CacheEntry entry : entries.values()) {
            flush(entry);
        }
        if (current != null) {
            keys.setCurrentKey(current);
        }
    }

    private CacheEntry entry(PageId id) throws Exception {
        Long key = (Long) keys.getCurrentKey();
        CacheEntry wanted = new CacheEntry(key, id);
        if (last != null && last.equals(wanted)) {
            return last;
        }
        CacheEntry entry = entries.get(wanted);
        if (entry == null) {
            entry = wanted;
            if (entries.size() == maxEntries) {
                evict();
                keys.setCurrentKey(key);
            }
            state.setCurrentNamespace(id);
            entry.page = state.value();
            entries.put(entry, entry);
        }
        last = entry;
        return entry;
    }

    private void evict() throws Exception {
        Iterator<CacheEntry> oldest = entries.values().iterator();
        flush(oldest.next());
        oldest.remove();
    }

    private void flush(CacheEntry entry) throws Exception {
        if (!entry.dirty) {
            return;
        }
        keys.setCurrentKey(entry.key);
        state.setCurrentNamespace(entry.id);
        if (entry.page == null) {
            state.clear();
        } else {
            state.update(entry.page);
        }
        entry.dirty = false;
    }

    /** A cached page, or the fact that there is none. */
    private static final class CacheEntry {
        private final long key;
        private final PageId id;
        private @Nullable IdPage page;
        private boolean dirty;

        private CacheEntry(long key, PageId id) {
            this.key = key;
            this.id = id;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof CacheEntry that && key == that.key && id.equals(that.id);
        }

        @Override
        public int hashCode() {
            return (int) (((key * 31 + id.hashCode()) * 0x9E3779B97F4A7C15L) >>> 32);
        }
    }
}
