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
 * The three feeds of a generated market, record by record: each is a function of the market and its index, so any range
 * can be made anywhere and any number of times. Cheap to make, since it keeps no table. One thread at a time.
 */
public final class MarketFeeds {
    private final Market market;
    private final TradeFeed trades;
    private final RowFeed instruments;
    private final RowFeed users;

    /** Under single-object framing. */
    public MarketFeeds(Market market) {
        this(market, Prefixes.SINGLE_OBJECT);
    }

    /** With the rows' keys in eight bytes, big-endian. */
    public MarketFeeds(Market market, Prefixes prefixes) {
        this(
                market,
                prefixes,
                KeyWriter.singleObject(KeyFormat.BIG_ENDIAN),
                KeyWriter.singleObject(KeyFormat.BIG_ENDIAN));
    }

    /** Under single-object framing, with the rows' keys in these formats. */
    public MarketFeeds(Market market, KeyFormats keys) {
        this(
                market,
                Prefixes.SINGLE_OBJECT,
                KeyWriter.singleObject(keys.instrument()),
                KeyWriter.singleObject(keys.user()));
    }

    public MarketFeeds(Market market, Prefixes prefixes, KeyWriter instrumentKeys, KeyWriter userKeys) {
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

    /** True if the trade repeats an earlier one byte for byte; its original is neither duplicate nor malformed. */
    public boolean isDuplicate(long index) {
        return trades.original(index) != index;
    }

    /** True if the trade's bytes are certainly not those of a trade. */
    public boolean isMalformed(long index) {
        return trades.isMalformed(index);
    }

    /** A record of the instruments' live feed. Its offset is the index plus the number of standing records. */
    public SourceRecord instrument(long index) {
        return instruments.live(index);
    }

    /** A record of the users' live feed. Its offset is the index plus the number of standing records. */
    public SourceRecord user(long index) {
        return users.live(index);
    }

    /** How many instrument records come live. */
    public long instrumentRecords() {
        return instruments.live();
    }

    /** How many user records come live. */
    public long userRecords() {
        return users.live();
    }

    /** After how many live records of the dimension every row of its has come. */
    public long settlingRecords(Dimension dimension) {
        return dimension == Dimension.INSTRUMENT ? instruments.settling() : users.settling();
    }

    /** How many records of the feed stand before the first trade; live offsets begin here. No trade stands. */
    public long standingRecords(Feed feed) {
        return switch (feed) {
            case TRADES -> 0;
            case INSTRUMENTS -> instruments.standing();
            case USERS -> users.standing();
        };
    }

    /** The records that stand before the first trade, in the order of their offsets, each made as it is read. */
    public Iterable<SourceRecord> standing(Feed feed) {
        return switch (feed) {
            case TRADES -> List.of();
            case INSTRUMENTS -> standing(instruments);
            case USERS -> standing(users);
        };
    }

    private static Iterable<SourceRecord> standing(RowFeed rows) {
        return () ->
                LongStream.range(0, rows.standing()).mapToObj(rows::standing).iterator();
    }

    /** Counts the fates of all trades; takes some nanoseconds for each. */
    public Expected expected() {
        long duplicates = 0;
        long malformed = 0;
        for (long index = 0; index < market.trades(); index++) {
            if (isMalformed(index)) {
                malformed++;
            } else if (isDuplicate(index)) {
                duplicates++;
            }
        }
        return new Expected(market.trades(), duplicates, malformed, market.trades() - duplicates - malformed);
    }
}
