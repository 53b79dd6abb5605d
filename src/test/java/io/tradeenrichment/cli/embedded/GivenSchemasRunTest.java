package io.tradeenrichment.cli.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.TradeEnrichmentJob;
import io.tradeenrichment.Wire;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.market.ExpectedCounts;
import io.tradeenrichment.market.Market;
import io.tradeenrichment.market.MarketFeeds;
import io.tradeenrichment.model.Account;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.registry.GivenSchemas;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The connectors of the embedded run with schemas of the settings: three dimensions, nested fields and text ids. */
class GivenSchemasRunTest {
    private static final Market MARKET = new Market(3, Market.today(), 5_000, 200, 100, 0.05, 0.01, 0.005);

    @TempDir
    private Path folder;

    @Test
    void enrichesEveryTradeWithTheRowsOfThreeDimensions() throws Exception {
        JobConfig job = job();
        JobSchemas schemas = GivenSchemas.read(job, Optional.empty(), Feed::title);
        var cluster = new Configuration();
        cluster.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(200));
        var environment = StreamExecutionEnvironment.createLocalEnvironment(2, cluster);
        TradeEnrichmentJob.define(
                environment,
                job,
                new EmbeddedConnectors(
                        MARKET,
                        0,
                        job.wire().keys(),
                        schemas,
                        folder.resolve("output").toUri().toString()),
                Wire.containerFiles(job.wire(), schemas, List.of()));
        Totals totals = Totals.of(environment.execute().getAllAccumulatorResults());

        ExpectedCounts expected = new MarketFeeds(MARKET, schemas, job.wire().keys()).expected();
        assertThat(totals.of(Account.TRADES_IN)).isEqualTo(MARKET.trades());
        assertThat(totals.of(Account.ENRICHED)).isEqualTo(expected.enriched());
        assertThat(totals.of(Account.DUPLICATES)).isEqualTo(expected.duplicates());
        assertThat(totals.of(Account.DEAD_LETTERED)).isEqualTo(expected.malformed());
        assertThat(totals.unaccounted()).isZero();
        assertThat(EnrichedSamples.from(folder.resolve("output").resolve(AvroFiles.ENRICHED_TRADES), 200))
                .hasSize(200)
                .allMatch(sample -> sample.contains("account_name: \"") || sample.contains("account_id: null"))
                .allMatch(sample -> sample.contains("symbol: \""));
    }

    private JobConfig job() throws Exception {
        Path fill = file("fill.avsc", """
                {"type":"record","name":"Fill","fields":[
                  {"name":"exec_id","type":"string"},
                  {"name":"order","type":{"type":"record","name":"Order","fields":[
                    {"name":"account_id","type":["null","string"]},
                    {"name":"venue_id","type":"int"}]}},
                  {"name":"at","type":{"type":"long","logicalType":"timestamp-millis"}},
                  {"name":"isin","type":"string"}]}""");
        Path account = file("account.avsc", """
                {"type":"record","name":"AccountRow","fields":[
                  {"name":"account_id","type":"string"},
                  {"name":"name","type":"string"}]}""");
        Path issue = file("issue.avsc", """
                {"type":"record","name":"Issue","fields":[
                  {"name":"isin","type":"string"},
                  {"name":"valid_from","type":"long"},
                  {"name":"ticker","type":"string"}]}""");
        Path venue = file("venue.avsc", """
                {"type":"record","name":"Venue","fields":[
                  {"name":"venue_id","type":"long"},
                  {"name":"valid_from","type":{"type":"long","logicalType":"timestamp-millis"}},
                  {"name":"country","type":"string"}]}""");
        return Settings.read(
                        new CommandDescription("test", "", JobOptions.groups(), List.of()),
                        "--wire.trade.schema=" + fill,
                        "--wire.trade.fields.trade-id=exec_id",
                        "--wire.trade.fields.trade-time=at",
                        "--dimensions.names=account,issue,venue",
                        "--dimensions.account.field=order.account_id",
                        "--dimensions.account.schema=" + account,
                        "--dimensions.account.valid-from=record-timestamp",
                        "--dimensions.account.key-format=text",
                        "--dimensions.issue.field=isin",
                        "--dimensions.issue.schema=" + issue,
                        "--dimensions.issue.id=isin",
                        "--dimensions.issue.key-format=avro",
                        "--dimensions.issue.columns=ticker=symbol",
                        "--dimensions.venue.field=order.venue_id",
                        "--dimensions.venue.schema=" + venue)
                .bind(JobConfig::from);
    }

    private Path file(String name, String schema) throws Exception {
        return Files.writeString(folder.resolve(name), schema);
    }
}
