package io.tradeenrichment.cli.tools;

import io.tradeenrichment.kafka.client.KafkaAdmin;
import io.tradeenrichment.kafka.client.KafkaConnection;
import io.tradeenrichment.settings.Command;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.Failures;
import io.tradeenrichment.settings.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Shows what the job writes to its topics, in people's form, as it is committed. */
public final class Tail {
    private static final Duration POLL = Duration.ofMillis(200);

    private final TailConfig config;
    private final OutputTopics topics;
    private final @Nullable TradeSearch search;
    private final RecordLine line;
    private final PrintStream out;
    private long shown;

    /** @param search null if every record is shown */
    private Tail(
            TailConfig config, OutputTopics topics, @Nullable TradeSearch search, RecordLine line, PrintStream out) {
        this.config = config;
        this.topics = topics;
        this.search = search;
        this.line = line;
        this.out = out;
    }

    public static Command command() {
        return new Command(
                new CommandDescription(
                        "deploy/tail",
                        "Shows enriched trades and dead letters as the job commits them, a line each.",
                        ToolOptions.of(TailOptions.groups(), "wire.framing", "wire.writer-schemas"),
                        List.of(
                                "--kafka.bootstrap.servers localhost:9092",
                                "--config my-job.yaml --tail.topics dead-letters --tail.from beginning",
                                "--config my-job.yaml --tail.trade-id 1764313232123 --tail.count 1",
                                "--config my-job.yaml --tail.from end --tail.count 100 --tail.format json")),
                Tail::run);
    }

    private static void run(Settings settings) throws IOException, InterruptedException {
        TailConfig config = settings.bind(TailConfig::from);
        KafkaConnection kafka = settings.bind(KafkaConnection::from);
        Wire wire = Wire.of(settings);
        RecordLine line = config.form().line(kafka.topics().deadLetters(), wire.enrichedTrades(kafka.topics()));
        TradeSearch search = config.tradeId() == null ? null : wire.search(config.tradeId(), kafka.topics());
        try (KafkaAdmin cluster = KafkaAdmin.open(kafka)) {
            Map<String, String> byKey = config.topicsByKey(kafka.topics());
            var found = cluster.topics(byKey, System.err::println);
            try (Interrupt interrupt = Interrupt.awaited();
                    KafkaConsumer<byte[], byte[]> consumer = cluster.consumer()) {
                new Tail(config, new OutputTopics(consumer, found.values()), search, line, System.out).show(interrupt);
            } catch (KafkaException e) {
                throw new IOException("Kafka cannot be read: " + Failures.rootCause(e), e);
            }
        }
    }

    private void show(Interrupt interrupt) throws InterruptedException {
        if (config.since() != null) {
            topics.seekTo(config.since());
        } else {
            switch (config.from()) {
                case BEGINNING -> topics.seekToBeginning();
                case END -> topics.seekToEnd();
                case LAST -> show(topics.last(config.last(), interrupt::pressed));
            }
        }
        // Whoever reads the lines may have gone: checkError flushes, and sees it.
        while (!isEnough() && !interrupt.pressed() && !out.checkError()) {
            show(topics.poll(POLL));
        }
        out.flush();
    }

    private void show(Iterable<ConsumerRecord<byte[], byte[]>> records) throws InterruptedException {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (isEnough()) {
                return;
            }
            if (search == null || search.finds(record)) {
                out.println(line.of(record));
                shown++;
            }
        }
    }

    private boolean isEnough() {
        return config.count() > 0 && shown >= config.count();
    }
}
