package io.tradeenrichment.cli.embedded;

import io.tradeenrichment.Connectors;
import io.tradeenrichment.codec.key.KeyFormats;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.market.Market;
import io.tradeenrichment.market.MarketFeeds;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.EndOffsets;
import io.tradeenrichment.model.EnrichedTrade;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.RejectedRecord;
import io.tradeenrichment.model.SnapshotRecords;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.types.ModelTypes;
import java.util.Set;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.jspecify.annotations.Nullable;

/** From a generated market, in bounded sources that resume from a checkpoint, to Avro container files. */
public final class EmbeddedConnectors implements Connectors {
    private final Market market;
    private final long rate;
    private final KeyFormats keys;
    private final JobSchemas schemas;
    private final String folder;

    /**
     * @param rate trades per second over all subtasks; 0 is as fast as possible
     * @param keys the key formats of the dimension records
     * @param schemas of the generated records, and of the enriched trades in the files
     * @param folder of the files, a URI
     */
    public EmbeddedConnectors(Market market, long rate, KeyFormats keys, JobSchemas schemas, String folder) {
        this.market = market;
        this.rate = rate;
        this.keys = keys;
        this.schemas = schemas;
        this.folder = folder;
    }

    @Override
    public SingleOutputStreamOperator<SourceRecord> trades(StreamExecutionEnvironment environment) {
        return source(environment, Feed.TRADES, market.trades());
    }

    @Override
    public SingleOutputStreamOperator<SourceRecord> dimension(
            StreamExecutionEnvironment environment, Dimension dimension) {
        long records = new MarketFeeds(market, schemas, keys).liveRecords(dimension);
        return source(environment, dimension.feed(), records).setParallelism(1);
    }

    @Override
    public SnapshotRecords snapshot() {
        return new GeneratedSnapshot(market, schemas, keys);
    }

    @Override
    public EndOffsets endOffsets() {
        return EndOffsets.GENERATED;
    }

    @Override
    public Sink<EnrichedTrade> enrichedTrades() {
        return AvroFiles.enrichedTrades(folder, schemas);
    }

    @Override
    public Sink<RejectedRecord> deadLetters() {
        return AvroFiles.deadLetters(folder);
    }

    private SingleOutputStreamOperator<SourceRecord> source(
            StreamExecutionEnvironment environment, Feed feed, long count) {
        // Rows are spread evenly over the run, so that late rows arrive throughout.
        double share = (double) Math.max(count, 1) / market.trades();
        var source = new DataGeneratorSource<>(
                new RecordGenerator(
                        market, schemas, keys, feed, new Stripes(market.trades(), environment.getParallelism())),
                Math.max(count, 1),
                rate == 0 ? RateLimiterStrategy.noOp() : RateLimiterStrategy.perSecond(rate * share),
                ModelTypes.SOURCE_RECORD);
        return environment.fromSource(source, WatermarkStrategy.noWatermarks(), feed.title());
    }

    /** Generates the record of an index. */
    private static final class RecordGenerator implements GeneratorFunction<Long, SourceRecord> {
        private final Market market;
        private final JobSchemas schemas;
        private final KeyFormats keys;
        private final Feed feed;
        private final Stripes stripes;
        private transient @Nullable MarketFeeds feeds;

        RecordGenerator(Market market, JobSchemas schemas, KeyFormats keys, Feed feed, Stripes stripes) {
            this.market = market;
            this.schemas = schemas;
            this.keys = keys;
            this.feed = feed;
            this.stripes = stripes;
        }

        @Override
        public void open(SourceReaderContext context) {
            feeds = new MarketFeeds(market, schemas, keys);
        }

        @Override
        public SourceRecord map(Long index) {
            MarketFeeds from = feeds;
            if (from == null) {
                throw new IllegalStateException("map was called before open");
            }
            if (feed.equals(Feed.TRADES)) {
                return from.trade(stripes.at(index));
            }
            Dimension dimension = feed.dimension();
            return index < from.liveRecords(dimension) ? from.live(dimension, index) : ofSnapshot(from);
        }

        /** Flink's generator emits at least one record: where there is no late row, a row of the snapshot repeats. */
        private SourceRecord ofSnapshot(MarketFeeds from) {
            return from.snapshot(feed).iterator().next();
        }
    }

    private record GeneratedSnapshot(Market market, JobSchemas schemas, KeyFormats keys) implements SnapshotRecords {
        @Override
        public void readAll(Set<Dimension> dimensions, Receiver receiver) throws Exception {
            MarketFeeds feeds = new MarketFeeds(market, schemas, keys);
            for (Dimension dimension : dimensions) {
                for (SourceRecord record : feeds.snapshot(dimension.feed())) {
                    receiver.record(record, false);
                }
                receiver.readUpTo(dimension, 0, feeds.snapshotRecords(dimension.feed()));
            }
        }
    }
}
