package io.tradeenrichment.market;

import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.SourceRecord;
import java.util.List;
import java.util.Objects;

/** The trades of a market by index. Few instruments are hot; users are uniform. Not thread-safe. */
final class TradeFeed {
    /** The maximum distance between a duplicate and its original, in records. */
    static final long MAX_DISTANCE = 10_000;

    /** Ids are ascending, except within some groups of this size. */
    private static final int GROUP = 16;

    private static final int UNORDERED_ONE_IN = 4;
    private static final int MAX_QUANTITY = 1000;

    private final Market market;
    private final double duplicatesEnd;
    private final IndexedRandom kinds;
    private final IndexedRandom distances;
    private final IndexedRandom corruptions;
    private final IndexedRandom orders;
    private final IndexedRandom instruments;
    private final IndexedRandom users;
    private final IndexedRandom terms;
    private final FramingPrefixes prefixes;
    private final byte[] prefix;
    private final DatumBuffer buffer = new DatumBuffer();

    TradeFeed(Market market, FramingPrefixes prefixes) {
        this.market = market;
        this.prefixes = prefixes;
        this.prefix = prefixes.of(Feed.TRADES);
        this.duplicatesEnd = market.malformedShare() + market.duplicateShare();
        this.kinds = new IndexedRandom(market.seed(), "trade fates");
        this.distances = new IndexedRandom(market.seed(), "trade distances");
        this.corruptions = new IndexedRandom(market.seed(), "trade damages");
        this.orders = new IndexedRandom(market.seed(), "trade orders");
        this.instruments = new IndexedRandom(market.seed(), "trade instruments");
        this.users = new IndexedRandom(market.seed(), "trade users");
        this.terms = new IndexedRandom(market.seed(), "trade terms");
    }

    SourceRecord trade(long index) {
        Objects.checkIndex(index, market.trades());
        long original = original(index);
        long instrument = instrument(original);
        byte[] value = value(original, instrument);
        if (isMalformed(index)) {
            long random = corruptions.bits(index);
            value = Corruption.of(random).apply(value, prefixes.framing(), IndexedRandom.mix(random));
        }
        long timestamp = market.timeOf(index) / 1000;
        return new SourceRecord(Feed.TRADES, 0, index, timestamp, DatumBuffer.key(instrument), value, List.of());
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

    /** The square of a uniform number: of ten thousand instruments, the hottest has one trade in a hundred. */
    private long instrument(long index) {
        double uniform = instruments.fraction(index);
        return 1 + (long) (market.instruments() * uniform * uniform);
    }

    private byte[] value(long index, long instrument) {
        long random = terms.bits(index);
        return buffer.clear()
                .writeRaw(prefix, 0, prefix.length)
                .writeLong(tradeId(index))
                .writeLong(instrument)
                .writeLong(1 + users.below(index, market.users()))
                .writeLong(market.timeOf(index))
                .writeDecimal(Listings.price(instrument, random))
                .writeLong(1 + (random >>> 1) % MAX_QUANTITY)
                .writeInt((int) (random & 1))
                .toBytes();
    }

    private long tradeId(long index) {
        long group = index / GROUP;
        long order = orders.bits(group);
        boolean complete = (group + 1) * GROUP <= market.trades();
        boolean unordered = complete && IndexedRandom.scale(order, UNORDERED_ONE_IN) == 0;
        return market.firstTradeId() + (unordered ? index ^ (order & (GROUP - 1)) : index);
    }
}
