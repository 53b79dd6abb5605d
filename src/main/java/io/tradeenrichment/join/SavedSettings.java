package io.tradeenrichment.join;

import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.config.KeyBy;
import io.tradeenrichment.state.VersionOrder;
import java.util.Optional;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.execution.SuppressRestartsException;

/** The settings that the join's state was written with, as far as the state cannot be read without them. */
final class SavedSettings {
    /** Under these keys: {@code key-by} (the code of a {@link KeyBy}), {@code order} (the code of a {@link VersionOrder}). */
    static final MapStateDescriptor<String, Long> STATE =
            new MapStateDescriptor<>("join-settings", Types.STRING, Types.LONG);

    private static final String KEY_BY = "key-by";
    private static final String ORDER = "order";

    private final BroadcastState<String, Long> state;

    SavedSettings(OperatorStateStore store) throws Exception {
        state = store.getBroadcastState(STATE);
    }

    /** How trades were keyed; none before the first checkpoint. */
    Optional<KeyBy> keyBy() throws Exception {
        return Optional.ofNullable(state.get(KEY_BY)).map(KeyBy::ofCode);
    }

    /** The order of the rows' versions; none before the first checkpoint. */
    Optional<VersionOrder> order() throws Exception {
        return Optional.ofNullable(state.get(ORDER)).map(VersionOrder::ofCode);
    }

    /**
     * @throws SuppressRestartsException if trades are keyed otherwise than in the state: their ids and the parked trades
     *     would not be found, and no restart can mend that
     */
    void check(KeyBy now) throws Exception {
        KeyBy saved = keyBy().orElse(now);
        if (saved != now) {
            String key = JobOptions.TRADES_KEY_BY.key();
            throw new SuppressRestartsException(new IllegalStateException(key + " is " + now + ", but was " + saved
                    + " when the state was saved: the ids of trades and the parked trades would not be found; set "
                    + key
                    + " to " + saved + ", or start the job without this state"));
        }
    }

    /** Before a checkpoint. */
    void save(KeyBy keyBy, VersionOrder order) throws Exception {
        state.put(KEY_BY, (long) keyBy.code());
        state.put(ORDER, (long) order.code());
    }
}
