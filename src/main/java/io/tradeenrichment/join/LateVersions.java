package io.tradeenrichment.join;

import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.Trade;
import java.time.Duration;
import java.util.stream.Stream;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/**
 * Counts late versions, and the enriched trades that a late version would have changed. Considers the last
 * {@value #TRADES} trades of this subtask since its start.
 */
final class LateVersions {
    /** A power of two. Takes 0.5 MB per subtask, and 1.5 MB more for each dimension. */
    static final int TRADES = 1 << 16;

    private static final int MASK = TRADES - 1;
    private static final long MICROS_PER_MILLI = 1000;

    private final DimensionTables tables;
    private final long waitMicros;
    private final long[] tradeTimes = new long[TRADES];
    /** By dimension. Of two texts with one number, the counts are added. */
    private final Chains[] chains;

    private long trades;
    private long versions;
    private long changed;

    /** @param wait a version is late if its record timestamp is later than this after its {@code valid_from} */
    LateVersions(DimensionTables tables, Duration wait) {
        this.tables = tables;
        this.chains = Stream.generate(Chains::new).limit(tables.dimensions()).toArray(Chains[]::new);
        this.waitMicros = wait.toMillis() * MICROS_PER_MILLI;
    }

    void register(MetricGroup join) {
        join.gauge("lateVersions", (Gauge<Long>) () -> versions);
        join.gauge("lateVersionTrades", (Gauge<Long>) () -> changed);
    }

    /** The number of late live versions. */
    long versions() {
        return versions;
    }

    /** The number of trades that were enriched without a later version that was valid at their time. */
    long changed() {
        return changed;
    }

    /** Records an enriched trade. */
    void add(Trade trade) {
        tradeTimes[(int) trades & MASK] = trade.tradeTime();
        for (int dimension = 0; dimension < chains.length; dimension++) {
            if (trade.has(dimension)) {
                chains[dimension].add(trade.id(dimension));
            }
        }
        trades++;
    }

    /** Records an applied live version. */
    void add(DimensionUpdate update) {
        if (update.timestamp() * MICROS_PER_MILLI > update.validFrom() + waitMicros) {
            versions++;
        }
        long end = tables.of(update.dimension()).nextAfter(update.id(), update.text(), update.validFrom());
        changed += chains[tables.position(update.dimension())].count(update.id(), update.validFrom(), end);
    }

    /** The trades of each id as a linked list, the latest first. */
    private final class Chains {
        private final long[] ids = new long[TRADES];
        private final long[] before = new long[TRADES];
        /** By hash of the id: the number of the latest trade plus one; 0 for none. */
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
