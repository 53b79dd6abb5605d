package io.tradeenrichment.cli.tools;

import io.tradeenrichment.cli.terminal.Interrupt;
import io.tradeenrichment.kafka.client.KafkaAdmin;
import io.tradeenrichment.kafka.client.KafkaClients;
import io.tradeenrichment.kafka.client.KafkaConnection;
import io.tradeenrichment.kafka.client.TopicLookup;
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

/** The command {@code tail}: prints the records of the output topics as they are committed. */
public final class TailCommand {
    private static final Duration POLL = Duration.ofMillis(200);

    private final TailConfig config;
    private final OutputTopics topics;
    private final @Nullable TradeSearch search;
    private final RecordLine line;
    private final PrintStream out;
    private long shown;

    /** @param search null if every record is shown */
    private TailCommand(
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
                        "Prints enriched trades and dead letters as the job commits them, a line each.",
                        ToolOptions.of(TailOptions.groups(), "wire.framing", "wire.writer-schemas"),
                        List.of(
                                "--kafka.bootstrap.servers localhost:9092",
                                "--config my-job.yaml --tail.topics dead-letters --tail.from beginning",
                                "--config my-job.yaml --tail.trade-id 1764313232123 --tail.count 1",
                                "--config my-job.yaml --tail.from end --tail.count 100 --tail.format json")),
                TailCommand::run);
    }

    private static void run(Settings settings) throws IOException, InterruptedException {
        TailConfig config = settings.bind(TailConfig::from);
        KafkaConnection kafka = settings.bind(KafkaConnection::from);
        TopicFormats formats = TopicFormats.of(settings);
        RecordLine line = config.form()
                .line(
                        kafka.topics().deadLetters(),
                        formats.enrichedTrades(kafka.topics()),
                        formats.schemas().enriched());
        TradeSearch search = config.tradeId() == null ? null : formats.search(config.tradeId(), kafka.topics());
        try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
            Map<String, String> byKey = config.topicsByKey(kafka.topics());
            var found = new TopicLookup(admin).require(byKey, System.err::println);
            try (Interrupt interrupt = Interrupt.polled();
                    KafkaConsumer<byte[], byte[]> consumer = KafkaClients.consumer(kafka)) {
                new TailCommand(config, new OutputTopics(consumer, found.values()), search, line, System.out)
                        .show(interrupt);
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
                case LAST -> show(topics.last(config.last(), interrupt::isRequested));
            }
        }
        // checkError flushes, and is true once the reader of the pipe has closed it.
        while (!isEnough() && !interrupt.isRequested() && !out.checkError()) {
            show(topics.poll(POLL));
        }
        out.flush();
    }

    private void show(Iterable<ConsumerRecord<byte[], byte[]>> records) throws InterruptedException {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (isEnough()) {
                return;
            }
            if (search == null || search.matches(record)) {
                out.println(line.of(record));
                shown++;
            }
        }
    }

    private boolean isEnough() {
        return config.count() > 0 && shown >= config.count();
    }
}
