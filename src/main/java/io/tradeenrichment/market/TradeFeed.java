package io.tradeenrichment.market;

import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.SourceRecord;
import java.util.List;
import java.util.Objects;

/**
 * The trades of a market, by index. Few instruments are hot and most are cold; users trade alike. One thread at a time.
 */
final class TradeFeed {
    /** A duplicate's original is at most this many records before it. */
    static final long REACH = 10_000;

    /** Ids ascend, but now and then those of one such group leave their order. */
    private static final int GROUP = 16;

    private static final int UNORDERED_ONE_IN = 4;
    private static final int MAX_QUANTITY = 1000;

    private final Market market;
    private final double duplicatesEnd;
    private final IndexedRandom fates;
    private final IndexedRandom distances;
    private final IndexedRandom damages;
    private final IndexedRandom orders;
    private final IndexedRandom instruments;
    private final IndexedRandom users;
    private final IndexedRandom terms;
    private final Prefixes prefixes;
    private final byte[] prefix;
    private final DatumBuffer buffer = new DatumBuffer();

    TradeFeed(Market market, Prefixes prefixes) {
        this.market = market;
        this.prefixes = prefixes;
        this.prefix = prefixes.of(Feed.TRADES);
        this.duplicatesEnd = market.malformedShare() + market.duplicateShare();
        this.fates = new IndexedRandom(market.seed(), "trade fates");
        this.distances = new IndexedRandom(market.seed(), "trade distances");
        this.damages = new IndexedRandom(market.seed(), "trade damages");
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
            long roll = damages.roll(index);
            value = Corruption.drawn(roll).done(value, prefixes.framing(), IndexedRandom.mix(roll));
        }
        long timestamp = market.timeOf(index) / 1000;
        return new SourceRecord(Feed.TRADES, 0, index, timestamp, DatumBuffer.key(instrument), value, List.of());
    }

    boolean isMalformed(long index) {
        return fates.share(index) < market.malformedShare();
    }

    /** The earlier record that the one at this index repeats, or the index itself. */
    long original(long index) {
        double fate = fates.share(index);
        if (fate < market.malformedShare() || fate >= duplicatesEnd) {
            return index;
        }
        long reach = Math.min(index, REACH);
        long distance = distances.below(index, reach);
        for (long tried = 0; tried < reach; tried++) {
            long candidate = index - 1 - (distance + tried) % reach;
            if (fates.share(candidate) >= duplicatesEnd) {
                return candidate;
            }
        }
        return index;
    }

    /** By the square of an even draw: of ten thousand instruments, the hottest has one trade in a hundred. */
    private long instrument(long index) {
        double draw = instruments.share(index);
        return 1 + (long) (market.instruments() * draw * draw);
    }

    private byte[] value(long index, long instrument) {
        long roll = terms.roll(index);
        return buffer.clear()
                .writeRaw(prefix, 0, prefix.length)
                .writeLong(tradeId(index))
                .writeLong(instrument)
                .writeLong(1 + users.below(index, market.users()))
                .writeLong(market.timeOf(index))
                .writeDecimal(Listings.price(instrument, roll))
                .writeLong(1 + (roll >>> 1) % MAX_QUANTITY)
                .writeInt((int) (roll & 1))
                .toBytes();
    }

    private long tradeId(long index) {
        long group = index / GROUP;
        long order = orders.roll(group);
        boolean whole = (group + 1) * GROUP <= market.trades();
        boolean unordered = whole && IndexedRandom.scale(order, UNORDERED_ONE_IN) == 0;
        return market.firstTradeId() + (unordered ? index ^ (order & (GROUP - 1)) : index);
    }
}
