package io.tradeenrichment.market;

import io.tradeenrichment.codec.key.KeyFormat;
import io.tradeenrichment.codec.key.KeyFormats;
import io.tradeenrichment.codec.key.KeyWriter;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.SourceRecord;
import java.util.List;
import java.util.stream.LongStream;

/**
 * Generates the three feeds of a market. Each record is a function of the market and the record's index, so that any range
 * can be generated anywhere and repeatedly. Keeps no table. Not thread-safe.
 */
public final class MarketFeeds {
    private final Market market;
    private final TradeFeed trades;
    private final RowFeed instruments;
    private final RowFeed users;

    /** With single-object framing and big-endian keys. */
    public MarketFeeds(Market market) {
        this(market, FramingPrefixes.SINGLE_OBJECT);
    }

    /** With big-endian keys. */
    public MarketFeeds(Market market, FramingPrefixes prefixes) {
        this(
                market,
                prefixes,
                KeyWriter.singleObject(KeyFormat.BIG_ENDIAN),
                KeyWriter.singleObject(KeyFormat.BIG_ENDIAN));
    }

    /** With single-object framing. */
    public MarketFeeds(Market market, KeyFormats keys) {
        this(
                market,
                FramingPrefixes.SINGLE_OBJECT,
                KeyWriter.singleObject(keys.of(Dimension.INSTRUMENT)),
                KeyWriter.singleObject(keys.of(Dimension.USER)));
    }

    public MarketFeeds(Market market, FramingPrefixes prefixes, KeyWriter instrumentKeys, KeyWriter userKeys) {
        this.market = market;
        this.trades = new TradeFeed(market, prefixes);
        this.instruments =
                new RowFeed(Dimension.INSTRUMENT, market, prefixes, instrumentKeys, new Listings(market.epochDay()));
        this.users = new RowFeed(Dimension.USER, market, prefixes, userKeys, new Usernames());
    }

    /** @param index below {@link Market#trades}; also the record's offset */
    public SourceRecord trade(long index) {
        return trades.trade(index);
    }

    /** Whether the trade repeats an earlier one byte for byte. The original is neither a duplicate nor malformed. */
    public boolean isDuplicate(long index) {
        return trades.original(index) != index;
    }

    public boolean isMalformed(long index) {
        return trades.isMalformed(index);
    }

    /** A live record. Its offset is the index plus the number of snapshot records. */
    public SourceRecord instrument(long index) {
        return instruments.live(index);
    }

    /** A live record. Its offset is the index plus the number of snapshot records. */
    public SourceRecord user(long index) {
        return users.live(index);
    }

    /** The number of live records. */
    public long instrumentRecords() {
        return instruments.live();
    }

    /** The number of live records. */
    public long userRecords() {
        return users.live();
    }

    /** The number of live records after which every row of the dimension has arrived. */
    public long recordsUntilComplete(Dimension dimension) {
        return dimension.equals(Dimension.INSTRUMENT)
                ? instruments.recordsUntilComplete()
                : users.recordsUntilComplete();
    }

    /** The number of records before the first trade, which is also the first live offset; 0 for trades. */
    public long snapshotRecords(Feed feed) {
        return switch (feed.title()) {
            case "trades" -> 0;
            case "instruments" -> instruments.snapshotRecords();
            case "users" -> users.snapshotRecords();
            default -> throw new IllegalArgumentException("no such feed: " + feed);
        };
    }

    /** The records before the first trade by offset, generated lazily. */
    public Iterable<SourceRecord> snapshot(Feed feed) {
        return switch (feed.title()) {
            case "trades" -> List.of();
            case "instruments" -> snapshot(instruments);
            case "users" -> snapshot(users);
            default -> throw new IllegalArgumentException("no such feed: " + feed);
        };
    }

    private static Iterable<SourceRecord> snapshot(RowFeed rows) {
        return () -> LongStream.range(0, rows.snapshotRecords())
                .mapToObj(rows::snapshot)
                .iterator();
    }

    /** Counts by iterating over all trades, at some nanoseconds each. */
    public ExpectedCounts expected() {
        long duplicates = 0;
        long malformed = 0;
        for (long index = 0; index < market.trades(); index++) {
            if (isMalformed(index)) {
                malformed++;
            } else if (isDuplicate(index)) {
                duplicates++;
            }
        }
        return new ExpectedCounts(market.trades(), duplicates, malformed, market.trades() - duplicates - malformed);
    }
}
