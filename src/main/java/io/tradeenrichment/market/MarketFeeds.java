package io.tradeenrichment.market;

import io.tradeenrichment.codec.key.KeyFormat;
import io.tradeenrichment.codec.key.KeyFormats;
import io.tradeenrichment.codec.key.KeyWriter;
import io.tradeenrichment.codec.layout.FieldPath;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.layout.RowSchema;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.SourceRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * Generates the feeds of a market. Each record is a function of the market, the schemas and the record's index, so that any
 * range can be generated anywhere and repeatedly. Keeps no table. Not thread-safe.
 *
 * <p>Trades and rows of the bundled schemas have the content of a stock market, those of other schemas have plausible values.
 */
public final class MarketFeeds {
    private final JobSchemas bundled = JobSchemas.bundled();
    private final Market market;
    private final TradeFeed trades;
    private final Map<Feed, RowFeed> rows = new LinkedHashMap<>();

    /** The bundled schemas with single-object framing and big-endian keys. */
    public MarketFeeds(Market market) {
        this(market, FramingPrefixes.SINGLE_OBJECT);
    }

    /** The bundled schemas with big-endian keys. */
    public MarketFeeds(Market market, FramingPrefixes prefixes) {
        this(market, JobSchemas.bundled(), prefixes, dimension -> KeyWriter.singleObject(KeyFormat.BIG_ENDIAN));
    }

    /** With single-object framing. */
    public MarketFeeds(Market market, JobSchemas schemas, KeyFormats keys) {
        this(
                market,
                schemas,
                FramingPrefixes.singleObject(schemas),
                dimension -> KeyWriter.singleObject(
                        keys.of(dimension), schemas.row(dimension).idType()));
    }

    public MarketFeeds(
            Market market, JobSchemas schemas, FramingPrefixes prefixes, Function<Dimension, KeyWriter> keys) {
        this.market = market;
        List<GivenId> ids = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        for (int i = 0; i < schemas.rows().size(); i++) {
            // Dimensions of one field of the trade have the same ids.
            FieldPath field = schemas.trade().dimensionFields().get(i);
            RowSchema row = schemas.rows().get(schemas.trade().dimensionFields().indexOf(field));
            ids.add(GivenId.of(schemas.trade(), field, row));
            counts.add(rowsOf(row.dimension()));
        }
        for (int i = 0; i < schemas.rows().size(); i++) {
            RowSchema row = schemas.rows().get(i);
            Dimension dimension = row.dimension();
            RowContent content = content(row, ids.get(i));
            rows.put(
                    dimension.feed(),
                    new RowFeed(dimension, market, counts.get(i), prefixes, keys.apply(dimension), content));
        }
        this.trades = new TradeFeed(
                market,
                prefixes,
                isBundled(schemas) ? new BundledTrades(market) : new GivenTrades(market, schemas, ids, counts));
    }

    private int rowsOf(Dimension dimension) {
        return dimension.equals(Dimension.INSTRUMENT) ? market.instruments() : market.users();
    }

    private boolean isBundled(JobSchemas schemas) {
        List<Dimension> dimensions =
                schemas.rows().stream().map(RowSchema::dimension).toList();
        return dimensions.equals(Dimension.BUNDLED) && schemas.trade().equals(bundled.trade());
    }

    private RowContent content(RowSchema row, GivenId ids) {
        if (isBundled(row)) {
            return row.dimension().equals(Dimension.USER) ? new Usernames() : new Listings(market.epochDay());
        }
        return new GivenRows(market, row, ids);
    }

    /** The columns do not matter: they are chosen from the same rows. */
    private boolean isBundled(RowSchema row) {
        if (!Dimension.BUNDLED.contains(row.dimension())) {
            return false;
        }
        RowSchema ours = bundled.row(row.dimension());
        return row.schema().equals(ours.schema())
                && row.idField().equals(ours.idField())
                && String.valueOf(row.validFromField()).equals(ours.validFromField());
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
    public SourceRecord live(Dimension dimension, long index) {
        return rows(dimension.feed()).live(index);
    }

    /** The number of live records. */
    public long liveRecords(Dimension dimension) {
        return rows(dimension.feed()).live();
    }

    /** The number of live records after which every row of the dimension has arrived. */
    public long recordsUntilComplete(Dimension dimension) {
        return rows(dimension.feed()).recordsUntilComplete();
    }

    /** The number of records before the first trade, which is also the first live offset; 0 for trades. */
    public long snapshotRecords(Feed feed) {
        return feed.equals(Feed.TRADES) ? 0 : rows(feed).snapshotRecords();
    }

    /** The records before the first trade by offset, generated lazily. */
    public Iterable<SourceRecord> snapshot(Feed feed) {
        if (feed.equals(Feed.TRADES)) {
            return List.of();
        }
        RowFeed from = rows(feed);
        return () -> LongStream.range(0, from.snapshotRecords())
                .mapToObj(from::snapshot)
                .iterator();
    }

    private RowFeed rows(Feed feed) {
        RowFeed found = rows.get(feed);
        if (found == null) {
            throw new IllegalArgumentException("no such feed: " + feed);
        }
        return found;
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
