package io.tradeenrichment.cli.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tradeenrichment.cli.terminal.StatusLine;
import io.tradeenrichment.model.Account;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.core.execution.JobClient;

/** Shows once a second how many trades the run has processed, and its last checkpoint. */
final class RunProgress implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private final JobClient job;
    private final String webUi;
    private final StatusLine line;
    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(INTERVAL).build();
    private final Timer timer = new Timer("status-line", true);
    private long lastIn;

    /** @param webUi address of the web UI, whose REST interface has the checkpoints */
    RunProgress(JobClient job, String webUi, PrintStream out) {
        this.job = job;
        this.webUi = webUi;
        this.line = new StatusLine(out, Duration.ZERO, Duration.ZERO);
    }

    void start() {
        timer.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        show();
                    }
                },
                INTERVAL.toMillis(),
                INTERVAL.toMillis());
    }

    private void show() {
        try {
            Totals totals = Totals.of(job.getAccumulators().get(INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
            long in = totals.of(Account.TRADES_IN);
            String checkpoint = lastCheckpoint();
            double rate = (in - lastIn) / line.secondsIfDue();
            lastIn = in;
            line.show(String.format(
                    Locale.ROOT,
                    "in %,d  out %,d  parked %,d  dead letters %,d  duplicates %,d  %,.0f trades/s  %s",
                    in,
                    totals.of(Account.ENRICHED),
                    totals.of(Account.PARKED),
                    totals.of(Account.DEAD_LETTERED),
                    totals.of(Account.DUPLICATES),
                    rate,
                    checkpoint));
        } catch (ExecutionException | TimeoutException | IOException | IllegalStateException e) {
            // The job is starting, restarting or has ended, and its cluster with it; the next second shows which.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String lastCheckpoint() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(webUi + "/jobs/" + job.getJobID() + "/checkpoints"))
                .timeout(INTERVAL)
                .build();
        JsonNode latest = json.readTree(
                        http.send(request, HttpResponse.BodyHandlers.ofString()).body())
                .path("latest")
                .path("completed");
        return latest.has("id")
                ? String.format(
                        Locale.ROOT,
                        "checkpoint %d (%d ms, %,d kB)",
                        latest.get("id").asLong(),
                        latest.get("end_to_end_duration").asLong(),
                        latest.get("state_size").asLong() / 1024)
                : "no checkpoint yet";
    }

    @Override
    public void close() {
        timer.cancel();
        line.clear();
    }
}
