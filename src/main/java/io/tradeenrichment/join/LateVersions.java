package io.tradeenrichment.join;

import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.Trade;
import java.time.Duration;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * Counts the versions that were written too late, and the trades that left before them and would have left otherwise.
 * The latter among the last {@value #TRADES} trades of this subtask, as far as its memory goes back since it began.
 */
final class LateVersions {
    /** A power of two. Three and a half megabytes a subtask. */
    static final int TRADES = 1 << 16;

    private static final int MASK = TRADES - 1;
    private static final long MICROS_PER_MILLI = 1000;

    private final DimensionTables tables;
    private final long waitMicros;
    private final long[] tradeTimes = new long[TRADES];
    private final Chains instruments = new Chains();
    private final Chains users = new Chains();
    private long trades;
    private long versions;
    private long changed;

    /** @param wait how long after it became valid a version may be written without being late */
    LateVersions(DimensionTables tables, Duration wait) {
        this.tables = tables;
        this.waitMicros = wait.toMillis() * MICROS_PER_MILLI;
    }

    void show(MetricGroup join) {
        join.gauge("lateVersions", (Gauge<Long>) () -> versions);
        join.gauge("lateVersionTrades", (Gauge<Long>) () -> changed);
    }

    /** Live versions that were written later after they became valid than trades wait. */
    long versions() {
        return versions;
    }

    /** Trades that left without a late version that was valid at their time. */
    long changed() {
        return changed;
    }

    /** A trade leaves enriched. */
    void add(Trade trade) {
        tradeTimes[(int) trades & MASK] = trade.tradeTime();
        instruments.add(trade.instrumentId());
        users.add(trade.userId());
        trades++;
    }

    /** A live version stands now. */
    void look(DimensionUpdate update) {
        if (update.written() * MICROS_PER_MILLI > update.validFrom() + waitMicros) {
            versions++;
        }
        long end = tables.of(update.dimension()).nextAfter(update.id(), update.validFrom());
        Chains chains = update.dimension() == Dimension.INSTRUMENT ? instruments : users;
        changed += chains.count(update.id(), update.validFrom(), end);
    }

    /** The trades of each id, the latest first, each with the place of the one before it. */
    private final class Chains {
        private final long[] ids = new long[TRADES];
        private final long[] before = new long[TRADES];
        /** By hash, the number of the latest trade and one more; 0 for none. */
        private final long[] latest = new long[TRADES];

        void add(long id) {
            int at = (int) trades & MASK;
            int chain = Long.hashCode(id * 0x9E3779B97F4A7C15L) & MASK;
            ids[at] = id;
            before[at] = latest[chain];
            latest[chain] = trades + 1;
        }

        long count(long id, long from, long end) {
            long count = 0;
            long number = latest[Long.hashCode(id * 0x9E3779B97F4A7C15L) & MASK];
            while (number > Math.max(0, trades - TRADES)) {
                int at = (int) (number - 1) & MASK;
                if (ids[at] == id && tradeTimes[at] >= from && tradeTimes[at] < end) {
                    count++;
                }
                number = before[at];
            }
            return count;
        }
    }
}
