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
 * Counts what is saved under the join's keys. It is given one restored backend after the other and keeps the counts only.
 * Their clock should be at 0, so that no state TTL hides anything.
 */
public final class KeyedStateCensus {
    /** Ignored when reading: the declaration needs a value, and the clock does not advance. */
    private static final Duration ANY = Duration.ofHours(1);

    private long parkedTrades;
    private long seenIds;

    /** Counts all keys of a backend. */
    public void add(KeyedStateBackend<Long> backend) throws Exception {
        addParked(backend);
        addSeen(backend);
    }

    private void addParked(KeyedStateBackend<Long> backend) throws Exception {
        ValueState<QueueBounds> spans = backend.getPartitionedState(
                VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, ParkedTrades.spans(ANY));
        try (Stream<Long> keys = backend.getKeys(ParkedTrades.stateOfWaitingKeys(), VoidNamespace.INSTANCE)) {
            for (Iterator<Long> each = keys.iterator(); each.hasNext(); ) {
                Long key = each.next();
                backend.setCurrentKey(key);
                QueueBounds span = spans.value();
                parkedTrades += span.next() - span.head();
            }
        }
    }

    @SuppressWarnings("unchecked") // all keyed state has this side, by which windows are kept too
    private void addSeen(KeyedStateBackend<Long> backend) throws Exception {
        var pages = (InternalValueState<Long, PageId, IdPage>)
                backend.getOrCreateKeyedState(ModelTypes.PAGE_NAME, SeenTrades.descriptor(ANY));
        try (Stream<Tuple2<Long, PageId>> places = backend.getKeysAndNamespaces(SeenTrades.STATE)) {
            for (Iterator<Tuple2<Long, PageId>> each = places.iterator(); each.hasNext(); ) {
                Tuple2<Long, PageId> place = each.next();
                // Pages above the leaves hold bounds, not ids.
                if (place.f1.level() <= 0) {
                    backend.setCurrentKey(place.f0);
                    pages.setCurrentNamespace(place.f1);
                    IdPage page = pages.value();
                    seenIds += page == null ? 0 : page.size();
                }
            }
        }
    }

    public long parkedTrades() {
        return parkedTrades;
    }

    /** Trade ids that stand in state, some of which the retention may have passed. */
    public long seenIds() {
        return seenIds;
    }
}
