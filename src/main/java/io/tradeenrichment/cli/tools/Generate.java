package io.tradeenrichment.cli.tools;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tradeenrichment.codec.DatumBuffer;
import io.tradeenrichment.codec.KeyWriter;
import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.kafka.client.KafkaAdmin;
import io.tradeenrichment.kafka.client.KafkaConnection;
import io.tradeenrichment.market.Market;
import io.tradeenrichment.market.MarketFeeds;
import io.tradeenrichment.market.Prefixes;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.settings.Command;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.Settings;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * Produces a generated market to the topics that the job reads, or one trade written by hand. Its last line of standard
 * output says what was sent.
 */
public final class Generate {
    private Generate() {}

    public static Command command() {
        return new Command(
                new CommandDescription(
                        "deploy/generate",
                        "Produces a generated market's trades, instruments and users to the topics that the job reads, or"
                                + " one trade. The last line of output says what was sent.",
                        ToolOptions.of(
                                GenerateOptions.groups(),
                                JobOptions.WIRE_FRAMING.key(),
                                JobOptions.DIMENSIONS_INSTRUMENT_KEY_FORMAT.key(),
                                JobOptions.DIMENSIONS_USER_KEY_FORMAT.key()),
                        List.of(
                                "--kafka.bootstrap.servers localhost:9092 --generate.rate 5000",
                                "--config my-job.yaml --generate.trades 1000000 --generate.rate 0",
                                "--config my-job.yaml --generate.trade " + TradeByHand.EXAMPLE)),
                Generate::run);
    }

    private static void run(Settings settings) throws IOException, InterruptedException {
        GenerateConfig config = settings.bind(GenerateConfig::from);
        KafkaConnection kafka = settings.bind(KafkaConnection::from);
        Wire wire = Wire.of(settings);
        System.err.print(settings.effectiveListing());
        try (KafkaAdmin cluster = KafkaAdmin.open(kafka)) {
            cluster.topics(kafka.topics().inputsByKey(), System.err::println);
            Prefixes prefixes = wire.prefixes(kafka.topics());
            try (Interrupt interrupt = Interrupt.awaited();
                    KafkaProducer<byte[], byte[]> producer = cluster.producer()) {
                var sender = new RecordSender(producer, kafka.topics());
                if (config.byHand() == null) {
                    KeyWriter instrumentKeys = wire.keys(Dimension.INSTRUMENT, kafka.topics());
                    KeyWriter userKeys = wire.keys(Dimension.USER, kafka.topics());
                    sendMarket(
                            config,
                            market -> new MarketFeeds(market, prefixes, instrumentKeys, userKeys),
                            sender,
                            interrupt);
                } else {
                    Instant now = Instant.now();
                    sendOne(config.byHand(), prefixes, sender, now);
                    System.err.print(whereToLook(config.byHand(), settings, now));
                }
            }
        }
    }

    private static void sendMarket(
            GenerateConfig config, Function<Market, MarketFeeds> feeds, RecordSender sender, Interrupt interrupt)
            throws IOException {
        Market market = config.market(Instant.now());
        var progress = new ProgressLine(System.err);
        var producer = new MarketProducer(market, feeds.apply(market), sender, progress, interrupt::pressed);
        producer.sendStandingRows();
        long start = System.nanoTime();
        producer.sendTrades(new RateLimiter(config.rate(), System::nanoTime));
        progress.end();
        tell(producer.sent(), market.firstTradeId(), (System.nanoTime() - start) / 1e9);
    }

    private static void sendOne(TradeByHand trade, Prefixes prefixes, RecordSender sender, Instant now)
            throws IOException {
        sender.send(Feed.TRADES, DatumBuffer.key(trade.instrumentId()), trade.value(prefixes.of(Feed.TRADES), now));
        sender.flush();
        tell(SendCounts.NOTHING.trade(false, false), trade.tradeId(now), 0);
    }

    /** The command that shows what the job makes of the trade. */
    private static String whereToLook(TradeByHand trade, Settings settings, Instant now) {
        // An id that was given may have been sent before: then that trade is enriched, and this one is a duplicate.
        String since = trade.tradeId() == null
                ? " --" + TailOptions.SINCE.key() + " " + now.truncatedTo(ChronoUnit.MILLIS)
                : "";
        return String.format(
                "See what becomes of it, where the job runs:%n    deploy/tail %s --%s %d%s --%s 1%n",
                settings.commandLineWithout("generate."),
                TailOptions.TRADE_ID.key(),
                trade.tradeId(now),
                since,
                TailOptions.COUNT.key());
    }

    private static void tell(SendCounts sent, long firstTradeId, double seconds) throws IOException {
        System.out.println(new ObjectMapper().writeValueAsString(sent.told(firstTradeId, seconds)));
        System.out.flush();
    }
}
