package io.tradeenrichment.join;

import io.tradeenrichment.config.KeyBy;
import io.tradeenrichment.model.IdPage;
import io.tradeenrichment.model.PageName;
import io.tradeenrichment.model.ParkedTrade;
import io.tradeenrichment.model.QueueSpan;
import io.tradeenrichment.model.Trade;
import io.tradeenrichment.types.ModelTypes;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.internal.InternalValueState;
import org.jspecify.annotations.Nullable;

/**
 * What stands under the join's keys, counted: a restored backend is shown after the other, and nothing is kept of it but
 * the counts. Its clock should stand at 0, so that no state TTL hides anything.
 *
 * <p>Nothing in state says by which id trades were keyed, but the entries show it: keyed by their own ids, trades stand
 * each under its own.
 */
public final class KeyedContents {
    /** Of no account while reading: it is part of the declaration, and the clock stands. */
    private static final Duration ANY = Duration.ofHours(1);

    private long parkedTrades;
    private long seenIds;
    private long underOwnId;
    private long underAnother;

    /** Counts all keys of a backend. */
    public void add(KeyedStateBackend<Long> backend) throws Exception {
        addParked(backend);
        addSeen(backend);
    }

    private void addParked(KeyedStateBackend<Long> backend) throws Exception {
        MapState<Long, ParkedTrade> trades = backend.getPartitionedState(
                VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, ParkedTrades.trades(ANY));
        ValueState<QueueSpan> spans = backend.getPartitionedState(
                VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, ParkedTrades.spans(ANY));
        try (Stream<Long> keys = backend.getKeys(ParkedTrades.stateOfWaitingKeys(), VoidNamespace.INSTANCE)) {
            for (Iterator<Long> each = keys.iterator(); each.hasNext(); ) {
                Long key = each.next();
                backend.setCurrentKey(key);
                QueueSpan span = spans.value();
                parkedTrades += span.next() - span.head();
                ParkedTrade first = trades.get(span.head());
                if (first != null) {
                    note(key, first.trade());
                }
            }
        }
    }

    @SuppressWarnings("unchecked") // all keyed state has this side, by which windows are kept too
    private void addSeen(KeyedStateBackend<Long> backend) throws Exception {
        var pages = (InternalValueState<Long, PageName, IdPage>)
                backend.getOrCreateKeyedState(ModelTypes.PAGE_NAME, SeenTrades.descriptor(ANY));
        try (Stream<Tuple2<Long, PageName>> places = backend.getKeysAndNamespaces(SeenTrades.STATE)) {
            for (Iterator<Tuple2<Long, PageName>> each = places.iterator(); each.hasNext(); ) {
                Tuple2<Long, PageName> place = each.next();
                // Pages above the leaves hold bounds, not ids.
                if (place.f1.level() <= 0) {
                    backend.setCurrentKey(place.f0);
                    pages.setCurrentNamespace(place.f1);
                    note(place.f0, pages.value());
                }
            }
        }
    }

    private void note(long key, Trade trade) {
        if (trade.tradeId() != trade.instrumentId()) {
            count(key == trade.tradeId());
        }
    }

    private void note(long key, @Nullable IdPage page) {
        if (page != null && page.size() > 0) {
            seenIds += page.size();
            count(page.size() == 1 && page.first() == key);
        }
    }

    private void count(boolean own) {
        if (own) {
            underOwnId++;
        } else {
            underAnother++;
        }
    }

    public long parkedTrades() {
        return parkedTrades;
    }

    /** Trade ids that stand in state, some of which the retention may have passed. */
    public long seenIds() {
        return seenIds;
    }

    /**
     * By which id the trades were keyed, as the entries show it; none if there are none. Told wrongly only where every
     * instrument has had a single trade, which had the instrument's own number for an id.
     */
    public Optional<KeyBy> keyBy() {
        if (underAnother > 0) {
            return Optional.of(KeyBy.INSTRUMENT_ID);
        }
        return underOwnId > 0 ? Optional.of(KeyBy.TRADE_ID) : Optional.empty();
    }
}
