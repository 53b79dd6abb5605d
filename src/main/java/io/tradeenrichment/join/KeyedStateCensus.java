package io.tradeenrichment.join;

import io.tradeenrichment.state.IdPage;
import io.tradeenrichment.state.PageId;
import io.tradeenrichment.state.QueueBounds;
import io.tradeenrichment.types.ModelTypes;
import java.time.Duration;
import java.util.Iterator;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.internal.InternalValueState;

/**
 * Counts the join's keyed state in a savepoint, one restored backend after the other. The clock of a backend should be
 * at 0, so that no state TTL hides an entry.
 */
public final class KeyedStateCensus {
    /** Ignored when reading: the descriptor needs a value, and the clock does not advance. */
    private static final Duration ANY = Duration.ofHours(1);

    private long parkedTrades;
    private long seenIds;

    /** Adds all keys of a backend. */
    public void add(KeyedStateBackend<Long> backend) throws Exception {
        addParked(backend);
        addSeen(backend);
        addSeenTexts(backend);
    }

    private void addParked(KeyedStateBackend<Long> backend) throws Exception {
        ValueState<QueueBounds> bounds = backend.getPartitionedState(
                VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, ParkedTrades.bounds(ANY));
        try (Stream<Long> keys = backend.getKeys(ParkedTrades.stateOfWaitingKeys(), VoidNamespace.INSTANCE)) {
            for (Iterator<Long> each = keys.iterator(); each.hasNext(); ) {
                Long key = each.next();
                backend.setCurrentKey(key);
                QueueBounds queue = bounds.value();
                parkedTrades += queue.next() - queue.head();
            }
        }
    }

    @SuppressWarnings("unchecked") // all keyed state implements this interface, which windows use too
    private void addSeen(KeyedStateBackend<Long> backend) throws Exception {
        var pages = (InternalValueState<Long, PageId, IdPage>)
                backend.getOrCreateKeyedState(ModelTypes.PAGE_ID, SeenTrades.descriptor(ANY));
        try (Stream<Tuple2<Long, PageId>> pageIds = backend.getKeysAndNamespaces(SeenTrades.STATE)) {
            for (Iterator<Tuple2<Long, PageId>> each = pageIds.iterator(); each.hasNext(); ) {
                Tuple2<Long, PageId> pageId = each.next();
                // Pages above the leaves hold bounds, not ids.
                if (pageId.f1.level() <= 0) {
                    backend.setCurrentKey(pageId.f0);
                    pages.setCurrentNamespace(pageId.f1);
                    IdPage page = pages.value();
                    seenIds += page == null ? 0 : page.size();
                }
            }
        }
    }

    private void addSeenTexts(KeyedStateBackend<Long> backend) throws Exception {
        backend.getOrCreateKeyedState(SeenTradeTexts.TEXT, SeenTradeTexts.descriptor(ANY));
        try (Stream<Tuple2<Long, String>> texts = backend.getKeysAndNamespaces(SeenTradeTexts.STATE)) {
            seenIds += texts.count();
        }
    }

    public long parkedTrades() {
        return parkedTrades;
    }

    /** Trade ids in state, some of which may be older than the retention. */
    public long seenIds() {
        return seenIds;
    }
}
