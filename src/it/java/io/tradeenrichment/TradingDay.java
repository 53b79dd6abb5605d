package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.Workload.Verdict;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.process.FlinkJob;
import io.tradeenrichment.process.KafkaBroker;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.KafkaProducer;

/**
 * A {@link Workload} on its way through jobs on real clusters: sent evenly, read all the while as a consumer of the output
 * does, and judged when it is over.
 */
final class TradingDay implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int BEAT_MILLIS = 10;

    private final Workload workload;
    private final Topics topics;
    private final KafkaProducer<byte[], byte[]> producer;
    private final AlwaysReading enriched;
    private final AlwaysReading letters;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final AtomicReference<Exception> unsent = new AtomicReference<>();
    private Future<?> flow = CompletableFuture.completedFuture(null);
    private final List<SourceRecord> lateRows;
    private UnaryOperator<SourceRecord> producers = UnaryOperator.identity();
    private volatile int open;
    private int sent;

    /**
     * What a cluster is told: output is seen soon and a fault is felt soon.
     *
     * @param more beside it
     */
    static Map<String, String> settings(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "execution.checkpointing.interval", "1 s",
                "execution.checkpointing.timeout", "1 min",
                "heartbeat.interval", "1 s"));
        settings.putAll(more);
        return settings;
    }

    /** Creates topics of its own and sends the rows, but no trades yet. */
    TradingDay(KafkaBroker broker, int trades) throws Exception {
        this(broker, trades, 0);
    }

    /** @param late how many of the instruments are not there yet; their trades wait for them */
    TradingDay(KafkaBroker broker, int trades, int late) throws Exception {
        workload = new Workload(trades);
        topics = new Topics(broker).createAll();
        List<SourceRecord> rows = workload.rows();
        lateRows = rows.subList(0, late);
        topics.send(rows.subList(late, rows.size()));
        producer = topics.producer(null);
        enriched = new AlwaysReading(topics.consumer("enriched-trades"));
        letters = new AlwaysReading(topics.consumer("dead-letters"));
    }

    /** Of a job between its topics. */
    List<String> arguments() {
        return topics.arguments();
    }

    /** Sends trades evenly from now on, whatever becomes of the job, as long as there are any. */
    void open(int perSecond) {
        open(perSecond, workload.trades().size());
    }

    /** @param most how many are sent in this way; the others are left for the end of the day */
    void open(int perSecond, int most) {
        open = most;
        int inABeat = perSecond * BEAT_MILLIS / 1000;
        flow = clock.scheduleAtFixedRate(() -> send(inABeat), 0, BEAT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private synchronized void send(int count) {
        int end = Math.min(sent + count, open);
        for (; sent < end; sent++) {
            producer.send(topics.record(producers.apply(workload.trades().get(sent))), (metadata, refused) -> {
                if (refused != null) {
                    unsent.compareAndSet(null, refused);
                }
            });
        }
    }

    /** From now on producers write in this way; the rows that are late come like that. */
    synchronized void producersWrite(UnaryOperator<SourceRecord> next) {
        producers = next;
        topics.send(lateRows.stream().map(next).toList());
    }

    /** How many enriched trades have to come of what was sent so far. */
    synchronized int sentToEnrich() {
        return workload.enriched(sent);
    }

    /** How many enriched trades the consumer has seen. */
    int seen() {
        return enriched.count();
    }

    /** How many it has seen when it has got to the end of what is committed. */
    int committed() throws Exception {
        topics.awaitRead("enriched-trades", enriched);
        return enriched.count();
    }

    /** Returns when the consumer sees some more: a checkpoint is complete that was not when this was called. */
    void awaitMore() {
        int before = seen();
        await().atMost(PATIENCE).until(() -> seen() > before || seen() == workload.enriched());
    }

    /** Returns when the consumer has seen all that was sent before this was called. */
    void awaitAllSent() {
        int trades = sentToEnrich();
        await().atMost(PATIENCE).until(() -> seen() >= trades);
    }

    /** Sends what is left without a break, and returns when the consumer has seen it all. */
    void sendTheRest() throws Exception {
        flow.cancel(false);
        open = workload.trades().size();
        clock.submit(() -> send(workload.trades().size())).get();
        producer.flush();
        assertThat(unsent).hasNullValue();
        awaitAllSent();
    }

    /** The job's own accounts say the same, and that nothing is parked. */
    void assertTotals(FlinkJob job) {
        Map<String, Long> expected = Map.of(
                "trades_in", (long) workload.trades().size(),
                "enriched", (long) workload.enriched(),
                "duplicates", (long) workload.repeated(),
                "dead_lettered", (long) workload.damaged(),
                "dropped", 0L,
                "parked", 0L);
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(job.totals()).containsAllEntriesOf(expected));
    }

    /** Once the job is stopped: what stands in the topics, which is also what the consumer has seen. */
    Verdict verdict() throws Exception {
        // Read when no transaction is open any more.
        Verdict afterwards = workload.judge(topics.readAll("enriched-trades"), topics.readAll("dead-letters"));
        topics.awaitRead("enriched-trades", enriched);
        topics.awaitRead("dead-letters", letters);
        assertThat(workload.judge(enriched.records(), letters.records())).isEqualTo(afterwards);
        return afterwards;
    }

    @Override
    public void close() throws InterruptedException {
        clock.shutdownNow();
        producer.close(Duration.ZERO);
        enriched.close();
        letters.close();
        topics.close();
    }
}
