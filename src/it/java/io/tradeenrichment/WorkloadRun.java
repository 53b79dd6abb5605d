package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.Workload.Result;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.process.Broker;
import io.tradeenrichment.process.FlinkJob;
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
 * Sends a {@link Workload} at a steady rate to the topics of a job on a real cluster, while consumers read the output, and
 * compares the output with the expected one in the end.
 */
public final class WorkloadRun implements AutoCloseable {
    public static final Duration TIMEOUT = Duration.ofMinutes(2);
    private static final int PERIOD_MILLIS = 10;

    private final Workload workload;
    private final Topics topics;
    private final KafkaProducer<byte[], byte[]> producer;
    private final CommittedReader enriched;
    private final CommittedReader letters;
    private final ScheduledExecutorService sender = Executors.newSingleThreadScheduledExecutor();
    private final AtomicReference<Exception> sendFailure = new AtomicReference<>();
    private Future<?> sending = CompletableFuture.completedFuture(null);
    private final List<SourceRecord> lateRows;
    private UnaryOperator<SourceRecord> encoding = UnaryOperator.identity();
    private volatile int limit;
    private int sent;

    /**
     * Settings of a cluster on which output is committed, and a lost process noticed, within about a second.
     *
     * @param more added to them
     */
    public static Map<String, String> settings(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "execution.checkpointing.interval", "1 s",
                "execution.checkpointing.timeout", "1 min",
                "heartbeat.interval", "1 s"));
        settings.putAll(more);
        return settings;
    }

    /** Creates the topics and sends the rows, but no trades yet. */
    public WorkloadRun(Broker broker, int trades) throws Exception {
        this(broker, trades, 0);
    }

    /** @param late number of instruments whose rows are sent later, by {@link #encodeAs}; their trades wait for them */
    public WorkloadRun(Broker broker, int trades, int late) throws Exception {
        workload = new Workload(trades);
        topics = new Topics(broker).createAll();
        List<SourceRecord> rows = workload.rows();
        lateRows = rows.subList(0, late);
        topics.send(rows.subList(late, rows.size()));
        producer = topics.producer();
        enriched = new CommittedReader(topics.consumer("enriched-trades"));
        letters = new CommittedReader(topics.consumer("dead-letters"));
    }

    /** Command line arguments of a job between the topics. */
    public List<String> arguments() {
        return topics.arguments();
    }

    /** Starts to send the trades at this rate, independently of the job. */
    public void start(int perSecond) {
        start(perSecond, workload.trades().size());
    }

    /** @param most how many trades to send; {@link #sendRemaining} sends the others */
    public void start(int perSecond, int most) {
        limit = most;
        int perPeriod = perSecond * PERIOD_MILLIS / 1000;
        sending = sender.scheduleAtFixedRate(() -> send(perPeriod), 0, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
    }

    private synchronized void send(int count) {
        int end = Math.min(sent + count, limit);
        for (; sent < end; sent++) {
            producer.send(topics.record(encoding.apply(workload.trades().get(sent))), (metadata, failure) -> {
                if (failure != null) {
                    sendFailure.compareAndSet(null, failure);
                }
            });
        }
    }

    /** Sends the late rows in another encoding, and all later trades too. */
    public synchronized void encodeAs(UnaryOperator<SourceRecord> other) {
        encoding = other;
        topics.send(lateRows.stream().map(other).toList());
    }

    /** How many of the trades sent so far the job must enrich. */
    public synchronized int expectedSoFar() {
        return workload.enriched(sent);
    }

    /** How many enriched trades the consumer has read. */
    private int read() {
        return enriched.count();
    }

    /** How many enriched trades are committed. */
    public int committed() throws Exception {
        topics.awaitRead("enriched-trades", enriched);
        return enriched.count();
    }

    /** Returns when the consumer has read more: the job has completed another checkpoint. */
    public void awaitMoreOutput() {
        int before = read();
        await().atMost(TIMEOUT).until(() -> read() > before || read() == workload.enriched());
    }

    /** Returns when the consumer has read the output of all trades sent so far. */
    private void awaitAllSent() {
        int trades = expectedSoFar();
        await().atMost(TIMEOUT).until(() -> read() >= trades);
    }

    /** Sends the remaining trades at full speed, and returns when the consumer has read all output. */
    public void sendRemaining() throws Exception {
        sending.cancel(false);
        limit = workload.trades().size();
        sender.submit(() -> send(workload.trades().size())).get();
        producer.flush();
        assertThat(sendFailure).hasNullValue();
        awaitAllSent();
    }

    /** Asserts that the job's totals are the expected ones, with no trade parked. */
    public void assertTotals(FlinkJob job) {
        Map<String, Long> expected = Map.of(
                "trades_in", (long) workload.trades().size(),
                "enriched", (long) workload.enriched(),
                "duplicates", (long) workload.repeated(),
                "dead_lettered", (long) workload.truncated(),
                "dropped", 0L,
                "parked", 0L);
        await().atMost(TIMEOUT).untilAsserted(() -> assertThat(job.totals()).containsAllEntriesOf(expected));
    }

    /**
     * Compares the output with the expected one, once the job is stopped. Asserts that the consumers, which read all the
     * time, have seen the same.
     */
    public Result result() throws Exception {
        Result result = workload.compare(topics.readAll("enriched-trades"), topics.readAll("dead-letters"));
        topics.awaitRead("enriched-trades", enriched);
        topics.awaitRead("dead-letters", letters);
        assertThat(workload.compare(enriched.records(), letters.records())).isEqualTo(result);
        return result;
    }

    @Override
    public void close() throws InterruptedException {
        sender.shutdownNow();
        producer.close(Duration.ZERO);
        enriched.close();
        letters.close();
        topics.close();
    }
}
