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
 * The pages of ids in keyed state, some of them held in memory: a page is written to state when a checkpoint begins or
 * when it has to leave memory, not at each of the ids that are added to it meanwhile. The first that came is the first
 * to leave; a page in use is soon back. What a failure loses is what the checkpoint does not have either.
 *
 * <p>State keeps a page a little longer than if it had been written at once: its TTL begins with the write.
 */
final class IdPageCache {
    /** At some 500 bytes each, 8 MB; and each that has changed is a write while a checkpoint begins. */
    static final int MOST_HELD = 1 << 14;

    private final InternalValueState<Long, PageId, IdPage> state;
    private final KeyContext keys;
    private final int mostHeld;
    /** By itself: a place is found by another of the same key and name. */
    private final Map<Place, Place> held = new LinkedHashMap<>();

    private @Nullable Place last;

    /**
     * @param state of {@link SeenTrades#descriptor}, with {@link ModelTypes#PAGE_NAME} for a namespace
     * @param keys of the operator whose state it is
     * @param mostHeld how many pages are held in memory, at least one
     */
    @SuppressWarnings("unchecked") // all keyed state has this side, by which windows are kept too
    IdPageCache(ValueState<IdPage> state, KeyContext keys, int mostHeld) {
        this.state = (InternalValueState<Long, PageId, IdPage>) state;
        this.keys = keys;
        this.mostHeld = mostHeld;
    }

    /** The current key's page of that name; null if there is none. */
    @Nullable IdPage read(PageId name) throws Exception {
        return hold(name).page;
    }

    /** Puts a page in the current key's place of that name; null leaves it empty. */
    void write(PageId name, @Nullable IdPage page) throws Exception {
        Place place = hold(name);
        place.page = page;
        place.changed = true;
    }

    /** Writes to state what a checkpoint has to hold. */
    void flush() throws Exception {
        Object current = keys.getCurrentKey();
        for (Place place : held.values()) {
            flush(place);
        }
        if (current != null) {
            keys.setCurrentKey(current);
        }
    }

    private Place hold(PageId name) throws Exception {
        Long key = (Long) keys.getCurrentKey();
        Place wanted = new Place(key, name);
        if (last != null && last.equals(wanted)) {
            return last;
        }
        Place place = held.get(wanted);
        if (place == null) {
            place = wanted;
            if (held.size() == mostHeld) {
                letGo();
                keys.setCurrentKey(key);
            }
            state.setCurrentNamespace(name);
            place.page = state.value();
            held.put(place, place);
        }
        last = place;
        return place;
    }

    private void letGo() throws Exception {
        Iterator<Place> all = held.values().iterator();
        flush(all.next());
        all.remove();
    }

    private void flush(Place place) throws Exception {
        if (!place.changed) {
            return;
        }
        keys.setCurrentKey(place.key);
        state.setCurrentNamespace(place.name);
        if (place.page == null) {
            state.clear();
        } else {
            state.update(place.page);
        }
        place.changed = false;
    }

    /** Where a page is held, or where it is known that there is none. */
    private static final class Place {
        private final long key;
        private final PageId name;
        private @Nullable IdPage page;
        private boolean changed;

        private Place(long key, PageId name) {
            this.key = key;
            this.name = name;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Place that && key == that.key && name.equals(that.name);
        }

        @Override
        public int hashCode() {
            return (int) (((key * 31 + name.hashCode()) * 0x9E3779B97F4A7C15L) >>> 32);
        }
    }
}
