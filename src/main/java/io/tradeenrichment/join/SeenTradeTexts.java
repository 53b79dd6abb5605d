package io.tradeenrichment.join;

import io.tradeenrichment.model.Trade;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.runtime.state.internal.InternalValueState;

/**
 * The trade ids of the current key within the retention, if ids are texts: one entry of keyed state per id, with the
 * text as its namespace. Equality is that of the bytes, so no hash can make a new id a duplicate.
 *
 * <p>As with {@link SeenTrades}, an id is kept for at least the retention and at most a quarter longer, and a repeat does
 * not prolong it.
 */
final class SeenTradeTexts implements SeenTradeIds {
    /** The name of the state in every savepoint. */
    static final String STATE = "seen-trade-texts";

    /** For the texts, as namespaces of the state. */
    static final TypeSerializer<String> TEXT = StringSerializer.INSTANCE;

    private final InternalValueState<Long, String, Boolean> state;

    /** @param state of {@link #descriptor}, with {@link #TEXT} as its namespace */
    @SuppressWarnings("unchecked") // all keyed state implements this interface, which windows use too
    SeenTradeTexts(ValueState<Boolean> state) {
        this.state = (InternalValueState<Long, String, Boolean>) state;
    }

    static ValueStateDescriptor<Boolean> descriptor(Duration retention) {
        ValueStateDescriptor<Boolean> descriptor = new ValueStateDescriptor<>(STATE, Types.BOOLEAN);
        descriptor.enableTimeToLive(SeenTrades.ttl(retention));
        return descriptor;
    }

    @Override
    @SuppressWarnings("NullAway") // the schema's trade id is a text
    public boolean add(Trade trade, long now) throws Exception {
        return add(trade.tradeIdText());
    }

    @Override
    @SuppressWarnings("NullAway") // the schema's trade id is a text
    public void remove(Trade trade) throws Exception {
        remove(trade.tradeIdText());
    }

    /** Each id is written at once. */
    @Override
    public void snapshot() {}

    /** True if the id is new. False until it expires. */
    boolean add(byte[] text) throws Exception {
        state.setCurrentNamespace(namespace(text));
        if (state.value() != null) {
            return false;
        }
        state.update(true);
        return true;
    }

    /** Removes an id. Its trade may be sent again. */
    void remove(byte[] text) throws Exception {
        state.setCurrentNamespace(namespace(text));
        state.clear();
    }

    /** One character per byte: unlike UTF-8, this keeps bytes apart that are not valid text. */
    private static String namespace(byte[] text) {
        return new String(text, StandardCharsets.ISO_8859_1);
    }
}
