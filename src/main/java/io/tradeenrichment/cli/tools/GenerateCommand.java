package io.tradeenrichment.cli.tools;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tradeenrichment.cli.terminal.Interrupt;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.key.KeyWriter;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.kafka.client.KafkaAdmin;
import io.tradeenrichment.kafka.client.KafkaClients;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.kafka.client.KafkaConnection;
import io.tradeenrichment.kafka.client.TopicLookup;
import io.tradeenrichment.market.FramingPrefixes;
import io.tradeenrichment.market.Market;
import io.tradeenrichment.market.MarketFeeds;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.registry.GivenSchemas;
import io.tradeenrichment.registry.RegistryConfig;
import io.tradeenrichment.settings.Command;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.Settings;
import io.tradeenrichment.settings.SettingsException;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * The command {@code generate}: writes a generated market, or one trade, to the topics that the job reads. The last line of
 * standard output counts what was sent.
 */
public final class GenerateCommand {
    private GenerateCommand() {}

    public static Command command() {
        return new Command(
                new CommandDescription(
                        "deploy/generate",
                        "Produces generated trades and rows of the dimensions to the topics that the job reads, or one trade."
                                + " The last line of output counts what was sent.",
                        ToolOptions.of(
                                GenerateOptions.groups(),
                                JobOptions.WIRE_FRAMING.key(),
                                "wire.trade.",
                                "dimensions.names",
                                "dimensions.NAME."),
                        List.of(
                                "--kafka.bootstrap.servers localhost:9092 --generate.rate 5000",
                                "--config my-job.yaml --generate.trades 1000000 --generate.rate 0",
                                "--config my-job.yaml --generate.trade " + TradeByHand.EXAMPLE)),
                GenerateCommand::run);
    }

    private static void run(Settings settings) throws IOException, InterruptedException {
        GenerateConfig config = settings.bind(GenerateConfig::from);
        KafkaConnection kafka = settings.bind(KafkaConnection::from);
        JobSchemas schemas = schemas(settings, kafka.topics());
        if (config.byHand() != null) {
            settings.withOrigin(() -> requireBundledTrade(schemas));
        }
        TopicFormats formats = TopicFormats.of(settings, schemas);
        System.err.print(settings.effectiveListing());
        try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
            new TopicLookup(admin).require(kafka.topics().inputsByKey(), System.err::println);
            FramingPrefixes prefixes = formats.prefixes(kafka.topics());
            try (Interrupt interrupt = Interrupt.polled();
                    KafkaProducer<byte[], byte[]> producer = KafkaClients.producer(kafka)) {
                var sender = new RecordSender(producer, kafka.topics());
                if (config.byHand() == null) {
                    Map<Dimension, KeyWriter> keys = new HashMap<>();
                    for (Dimension dimension : kafka.topics().dimensions()) {
                        keys.put(dimension, formats.keys(dimension, kafka.topics()));
                    }
                    Market market = config.market(Instant.now());
                    var feeds = new MarketFeeds(
                            market, schemas, prefixes, dimension -> Objects.requireNonNull(keys.get(dimension)));
                    sendMarket(config, market, feeds, ofEachTopic(kafka.topics()), sender, interrupt);
                } else {
                    Instant now = Instant.now();
                    sendOne(config.byHand(), kafka.topics().dimensions(), prefixes, sender, now);
                    System.err.print(searchCommand(config.byHand(), settings, now));
                }
            }
        }
    }

    private static JobSchemas schemas(Settings settings, KafkaConfig.Topics topics) throws InterruptedException {
        JobConfig job = settings.bind(JobConfig::from);
        Optional<RegistryConfig> registry = settings.bind(RegistryConfig::from);
        return settings.withOrigin(() -> GivenSchemas.read(job, registry, topics::of));
    }

    /** A trade by hand has the fields of the bundled schema. */
    static JobSchemas requireBundledTrade(JobSchemas schemas) {
        if (!schemas.trade().schema().equals(Schemas.TRADE)) {
            String key = GenerateOptions.TRADE.key();
            throw new SettingsException(
                    key,
                    key + " takes the fields of the bundled trades, but " + JobOptions.WIRE_TRADE_SCHEMA.key()
                            + " sets another schema; leave " + key + " out to generate trades of that schema");
        }
        return schemas;
    }

    /** Dimensions of one topic have the same rows, which are sent once. */
    private static List<Dimension> ofEachTopic(KafkaConfig.Topics topics) {
        Set<String> sent = new HashSet<>();
        return topics.dimensions().stream()
                .filter(dimension -> sent.add(topics.of(dimension)))
                .toList();
    }

    private static void sendMarket(
            GenerateConfig config,
            Market market,
            MarketFeeds feeds,
            List<Dimension> dimensions,
            RecordSender sender,
            Interrupt interrupt)
            throws IOException {
        var progress = new SendProgress(System.err);
        var producer = new MarketProducer(market, feeds, dimensions, sender, progress, interrupt::isRequested);
        producer.sendSnapshot();
        long start = System.nanoTime();
        producer.sendTrades(new RateLimiter(config.rate(), System::nanoTime));
        progress.clear();
        print(producer.sent(), market.firstTradeId(), (System.nanoTime() - start) / 1e9);
    }

    private static void sendOne(
            TradeByHand trade, List<Dimension> dimensions, FramingPrefixes prefixes, RecordSender sender, Instant now)
            throws IOException {
        sender.send(Feed.TRADES, DatumBuffer.key(trade.instrumentId()), trade.value(prefixes.of(Feed.TRADES), now));
        sender.flush();
        var sent = new SendCounts(dimensions);
        sent.addTrade(false, false);
        print(sent, trade.tradeId(now), 0);
    }

    /** The command that prints the enriched trade or the dead letter of this trade. */
    private static String searchCommand(TradeByHand trade, Settings settings, Instant now) {
        // An id of the settings may have been sent before: then that trade is enriched, and this one is a duplicate.
        String since = trade.tradeId() == null
                ? " --" + TailOptions.SINCE.key() + " " + now.truncatedTo(ChronoUnit.MILLIS)
                : "";
        return String.format(
                "If the job runs, this command shows the result:%n    deploy/tail %s --%s %d%s --%s 1%n",
                settings.commandLineWithout("generate."),
                TailOptions.TRADE_ID.key(),
                trade.tradeId(now),
                since,
                TailOptions.COUNT.key());
    }

    private static void print(SendCounts sent, long firstTradeId, double seconds) throws IOException {
        System.out.println(new ObjectMapper().writeValueAsString(sent.summary(firstTradeId, seconds)));
        System.out.flush();
    }
}
