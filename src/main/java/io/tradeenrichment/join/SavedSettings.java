package io.tradeenrichment.join;

import io.tradeenrichment.codec.EnrichedLayout;
import io.tradeenrichment.config.KeyBy;
import io.tradeenrichment.state.VersionOrder;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.execution.SuppressRestartsException;

/** The settings that the state of the join depends on, saved with it. */
final class SavedSettings {
    /**
     * Under these keys: {@code key-by} (the code of a {@link KeyBy}), {@code order} (the code of a
     * {@link VersionOrder}), {@code trade-layout} (see {@link EnrichedLayout#tradeLayout}; absent if it is 0).
     */
    static final MapStateDescriptor<String, Long> STATE =
            new MapStateDescriptor<>("join-settings", Types.STRING, Types.LONG);

    private static final String KEY_BY = "key-by";
    private static final String ORDER = "order";
    private static final String TRADE_LAYOUT = "trade-layout";

    private final BroadcastState<String, Long> state;

    SavedSettings(OperatorStateStore store) throws Exception {
        state = store.getBroadcastState(STATE);
    }

    /** The code of how trades were keyed; empty before the first checkpoint. */
    OptionalLong keyBy() throws Exception {
        Long code = state.get(KEY_BY);
        return code == null ? OptionalLong.empty() : OptionalLong.of(code);
    }

    /** The order of the versions of a row; empty before the first checkpoint. */
    Optional<VersionOrder> order() throws Exception {
        return Optional.ofNullable(state.get(ORDER)).map(VersionOrder::ofCode);
    }

    /** The layout of the parked trades. */
    long tradeLayout() throws Exception {
        Long saved = state.get(TRADE_LAYOUT);
        return saved == null ? EnrichedLayout.BUNDLED : saved;
    }

    /**
     * Checks that trades are keyed as in the state. Otherwise trade ids and parked trades would not be found.
     *
     * @throws SuppressRestartsException if not, since no restart can fix it
     */
    void check(KeyBy now) throws Exception {
        long code = keyBy().orElse(now.code());
        if (code != now.code()) {
            String saved = KeyBy.titleOf(code);
            String key = KeyBy.SETTING;
            throw new SuppressRestartsException(new IllegalStateException(key + " is " + now + ", but was " + saved
                    + " when the state was saved: the ids of trades and the parked trades would not be found; set "
                    + key
                    + " to " + saved + ", or start the job without this state"));
        }
    }

    /** Writes the settings to state. */
    void save(KeyBy keyBy, VersionOrder order, long tradeLayout) throws Exception {
        state.put(KEY_BY, keyBy.code());
        state.put(ORDER, (long) order.code());
        if (tradeLayout == EnrichedLayout.BUNDLED) {
            state.remove(TRADE_LAYOUT);
        } else {
            state.put(TRADE_LAYOUT, tradeLayout);
        }
    }
}
