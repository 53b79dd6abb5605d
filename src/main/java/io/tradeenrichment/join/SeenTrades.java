package io.tradeenrichment.join;

import java.time.Duration;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * Which trade ids of the current key were taken within the retention. Ids stand in pages of 64, a bit each; a page
 * expires when none of its ids was added for the length of the retention.
 */
final class SeenTrades {
    private static final int PAGE_BITS = 6;
    private final MapState<Long, Long> pages;

    /** @param retention longer than zero; measured in processing time, as all state TTL is */
    SeenTrades(RuntimeContext context, Duration retention) {
        MapStateDescriptor<Long, Long> descriptor = new MapStateDescriptor<>("seen-trades", Types.LONG, Types.LONG);
        descriptor.enableTimeToLive(StateTtlConfig.newBuilder(retention)
                .updateTtlOnCreateAndWrite()
                .neverReturnExpired()
                .build());
        pages = context.getMapState(descriptor);
    }

    /** True the first time an id is shown, false until its page expires. */
    boolean add(long tradeId) throws Exception {
        Long page = tradeId >> PAGE_BITS;
        long bit = 1L << tradeId;
        Long ids = pages.get(page);
        if (ids == null) {
            pages.put(page, bit);
            return true;
        }
        if ((ids & bit) != 0) {
            return false;
        }
        pages.put(page, ids | bit);
        return true;
    }

    /** Forgets an id whose trade did not leave as an enriched one, so that it may be sent again. */
    void remove(long tradeId) throws Exception {
        Long page = tradeId >> PAGE_BITS;
        Long ids = pages.get(page);
        if (ids != null) {
            long others = ids & ~(1L << tradeId);
            if (others == 0) {
                pages.remove(page);
            } else {
                pages.put(page, others);
            }
        }
    }
}
