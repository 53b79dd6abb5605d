package io.tradeenrichment.market;

import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.SourceRecord;
import java.util.List;
import java.util.Objects;

/** The trades of a market by index. Not thread-safe. */
final class TradeFeed {
    /** The maximum distance between a duplicate and its original, in records. */
    static final long MAX_DISTANCE = 10_000;

    /** Ids are ascending, except within some groups of this size. */
    private static final int GROUP = 16;

    private static final int UNORDERED_ONE_IN = 4;

    private final Market market;
    private final double duplicatesEnd;
    private final IndexedRandom kinds;
    private final IndexedRandom distances;
    private final IndexedRandom corruptions;
    private final IndexedRandom orders;
    private final TradeContent content;
    private final FramingPrefixes prefixes;
    private final byte[] prefix;
    private final DatumBuffer buffer = new DatumBuffer();

    TradeFeed(Market market, FramingPrefixes prefixes, TradeContent content) {
        this.market = market;
        this.content = content;
        this.prefixes = prefixes;
        this.prefix = prefixes.of(Feed.TRADES);
        this.duplicatesEnd = market.malformedShare() + market.duplicateShare();
        this.kinds = new IndexedRandom(market.seed(), "trade fates");
        this.distances = new IndexedRandom(market.seed(), "trade distances");
        this.corruptions = new IndexedRandom(market.seed(), "trade damages");
        this.orders = new IndexedRandom(market.seed(), "trade orders");
    }

    SourceRecord trade(long index) {
        Objects.checkIndex(index, market.trades());
        long original = original(index);
        buffer.clear().writeRaw(prefix, 0, prefix.length);
        byte[] key = content.write(original, tradeId(original), market.timeOf(original), buffer);
        byte[] value = buffer.toBytes();
        if (isMalformed(index)) {
            long random = corruptions.bits(index);
            value = content.corruption(random).apply(value, prefixes.framing(), IndexedRandom.mix(random));
        }
        long timestamp = market.timeOf(index) / 1000;
        return new SourceRecord(Feed.TRADES, 0, index, timestamp, key, value, List.of());
    }

    boolean isMalformed(long index) {
        return kinds.fraction(index) < market.malformedShare();
    }

    /** The index of the trade that this one repeats, or its own index. */
    long original(long index) {
        double kind = kinds.fraction(index);
        if (kind < market.malformedShare() || kind >= duplicatesEnd) {
            return index;
        }
        long maxDistance = Math.min(index, MAX_DISTANCE);
        long distance = distances.below(index, maxDistance);
        for (long tried = 0; tried < maxDistance; tried++) {
            long candidate = index - 1 - (distance + tried) % maxDistance;
            if (kinds.fraction(candidate) >= duplicatesEnd) {
                return candidate;
            }
        }
        return index;
    }

    private long tradeId(long index) {
        long group = index / GROUP;
        long order = orders.bits(group);
        boolean complete = (group + 1) * GROUP <= market.trades();
        boolean unordered = complete && IndexedRandom.scale(order, UNORDERED_ONE_IN) == 0;
        return market.firstTradeId() + (unordered ? index ^ (order & (GROUP - 1)) : index);
    }
}
