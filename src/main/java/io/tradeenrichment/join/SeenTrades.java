package io.tradeenrichment.join;

import java.time.Duration;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * Which trade ids of the current key were taken within the retention. Ids stand in pages of 64, a bit each; a page
 * expires when none of its ids was added for the length of the retention.
 *
 * <p>Each page is a value of its own, under the page's number as namespace. In a map, the pages of a key would be one
 * value to the heap backend, which copies a few values whole at every access to find what has expired: the more ids
 * were seen, the longer each trade would take.
 */
final class SeenTrades {
    private static final int PAGE_BITS = 6;
    private final ValueStateDescriptor<Long> page;
    private final Pages pages;

    /** @param retention longer than zero; measured in processing time, as all state TTL is */
    SeenTrades(Pages pages, Duration retention) {
        this.pages = pages;
        page = new ValueStateDescriptor<>("seen-trades", Types.LONG);
        page.enableTimeToLive(StateTtlConfig.newBuilder(retention)
                .updateTtlOnCreateAndWrite()
                .neverReturnExpired()
                .build());
    }

    /** True the first time an id is shown, false until its page expires. */
    boolean add(long tradeId) throws Exception {
        ValueState<Long> ids = pages.page(tradeId >> PAGE_BITS, page);
        long bit = 1L << tradeId;
        Long seen = ids.value();
        if (seen == null) {
            ids.update(bit);
            return true;
        }
        if ((seen & bit) != 0) {
            return false;
        }
        ids.update(seen | bit);
        return true;
    }

    /** Forgets an id whose trade did not leave as an enriched one, so that it may be sent again. */
    void remove(long tradeId) throws Exception {
        ValueState<Long> ids = pages.page(tradeId >> PAGE_BITS, page);
        Long seen = ids.value();
        if (seen != null) {
            long others = seen & ~(1L << tradeId);
            if (others == 0) {
                ids.clear();
            } else {
                ids.update(others);
            }
        }
    }

    /** Where the pages stand: a function can reach state under its key only, an operator also under a namespace. */
    interface Pages {
        ValueState<Long> page(Long number, ValueStateDescriptor<Long> descriptor) throws Exception;
    }
}
