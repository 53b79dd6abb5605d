package io.tradeenrichment.cli.embedded;

import io.tradeenrichment.codec.KeyFormats;
import io.tradeenrichment.market.Market;
import io.tradeenrichment.market.MarketFeeds;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.SnapshotRecords;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.types.ModelTypes;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/** A generated market as bounded streams, which restart where a checkpoint left them. */
public final class GeneratedFeeds {
    private final Market market;
    private final long rate;
    private final KeyFormats keys;

    public GeneratedFeeds(EmbeddedConfig.Workload workload, KeyFormats keys) {
        this(
                new Market(
                        workload.seed(),
                        Market.today(),
                        workload.trades(),
                        workload.instruments(),
                        workload.users(),
                        workload.shares().late(),
                        workload.shares().duplicate(),
                        workload.shares().malformed()),
                workload.rate(),
                keys);
    }

    /**
     * @param rate trades per second over all subtasks; 0 is as fast as it goes
     * @param keys how the keys of the rows are written
     */
    public GeneratedFeeds(Market market, long rate, KeyFormats keys) {
        this.market = market;
        this.rate = rate;
        this.keys = keys;
    }

    public SingleOutputStreamOperator<SourceRecord> trades(StreamExecutionEnvironment environment) {
        return stream(environment, Feed.TRADES, market.trades());
    }

    /** In one subtask, so that the rows keep the order of their feed. */
    public SingleOutputStreamOperator<SourceRecord> instruments(StreamExecutionEnvironment environment) {
        return stream(environment, Feed.INSTRUMENTS, new MarketFeeds(market).instrumentRecords())
                .setParallelism(1);
    }

    /** In one subtask, so that the rows keep the order of their feed. */
    public SingleOutputStreamOperator<SourceRecord> users(StreamExecutionEnvironment environment) {
        return stream(environment, Feed.USERS, new MarketFeeds(market).userRecords())
                .setParallelism(1);
    }

    /** The rows that stand before the first trade. */
    public SnapshotRecords standing() {
        return new Standing(market, keys);
    }

    private SingleOutputStreamOperator<SourceRecord> stream(
            StreamExecutionEnvironment environment, Feed feed, long count) {
        // The rows keep pace with the trades, so that what comes late comes late all along.
        double share = (double) Math.max(count, 1) / market.trades();
        var source = new DataGeneratorSource<>(
                new RecordOfIndex(market, keys, feed, new Stripes(market.trades(), environment.getParallelism())),
                Math.max(count, 1),
                rate == 0 ? RateLimiterStrategy.noOp() : RateLimiterStrategy.perSecond(rate * share),
                ModelTypes.SOURCE_RECORD);
        return environment.fromSource(source, WatermarkStrategy.noWatermarks(), feed.title());
    }

    /** Makes the record of an index, with feeds of its own in each reader. */
    private static final class RecordOfIndex implements GeneratorFunction<Long, SourceRecord> {
        private final Market market;
        private final KeyFormats keys;
        private final Feed feed;
        private final Stripes stripes;
        private transient @Nullable MarketFeeds feeds;

        RecordOfIndex(Market market, KeyFormats keys, Feed feed, Stripes stripes) {
            this.market = market;
            this.keys = keys;
            this.feed = feed;
            this.stripes = stripes;
        }

        @Override
        public void open(SourceReaderContext context) {
            feeds = new MarketFeeds(market, keys);
        }

        @Override
        public SourceRecord map(Long index) {
            MarketFeeds from = feeds;
            if (from == null) {
                throw new IllegalStateException("the reader was not opened");
            }
            return switch (feed) {
                case TRADES -> from.trade(stripes.at(index));
                case INSTRUMENTS -> index < from.instrumentRecords() ? from.instrument(index) : standing(from);
                case USERS -> index < from.userRecords() ? from.user(index) : standing(from);
            };
        }

        /** Flink's generator makes at least one record; where no live one is called for, a standing one comes again. */
        private SourceRecord standing(MarketFeeds from) {
            return from.standing(feed).iterator().next();
        }
    }

    private record Standing(Market market, KeyFormats keys) implements SnapshotRecords {
        @Override
        public void readAll(Receiver receiver) throws Exception {
            MarketFeeds feeds = new MarketFeeds(market, keys);
            for (Dimension dimension : Dimension.values()) {
                for (SourceRecord record : feeds.standing(dimension.feed())) {
                    receiver.record(record, false);
                }
                receiver.readUpTo(dimension, 0, feeds.standingRecords(dimension.feed()));
            }
        }
    }
}
