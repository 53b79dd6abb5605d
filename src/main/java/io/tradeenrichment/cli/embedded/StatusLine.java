package io.tradeenrichment.cli.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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

/**
 * Says once a second, on standard error, how the run is going: on a terminal in one line that is written over, elsewhere
 * in a line each time.
 */
final class StatusLine implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final long EVERY_MILLIS = 1000;
    private static final String ERASE = "\r\u001B[K";

    private final JobClient job;
    private final String webUi;
    private final PrintStream out;
    /** Whoever starts the JVM knows whether its standard error is a terminal; Java does not. */
    private final boolean terminal = Boolean.getBoolean("trade-enrichment.terminal");

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final Timer clock = new Timer("status-line", true);
    private long lastIn;
    private long lastNanos = System.nanoTime();

    /** @param webUi address of the web UI, whose REST interface knows of checkpoints */
    StatusLine(JobClient job, String webUi, PrintStream out) {
        this.job = job;
        this.webUi = webUi;
        this.out = out;
    }

    void begin() {
        clock.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        say();
                    }
                },
                EVERY_MILLIS,
                EVERY_MILLIS);
    }

    private void say() {
        try {
            Totals totals = Totals.of(job.getAccumulators().get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS));
            long now = System.nanoTime();
            long in = totals.of(Account.TRADES_IN);
            double rate = (in - lastIn) * 1e9 / (now - lastNanos);
            lastIn = in;
            lastNanos = now;
            String line = String.format(
                    Locale.ROOT,
                    "in %,d  out %,d  parked %,d  dead letters %,d  duplicates %,d  %,.0f trades/s  %s",
                    in,
                    totals.of(Account.ENRICHED),
                    totals.of(Account.PARKED),
                    totals.of(Account.DEAD_LETTERED),
                    totals.of(Account.DUPLICATES),
                    rate,
                    lastCheckpoint());
            if (terminal) {
                out.print(ERASE + line);
                out.flush();
            } else {
                out.println(line);
            }
        } catch (ExecutionException | TimeoutException | IOException | IllegalStateException e) {
            // The job is starting, restarting or gone, and its cluster with it; the next second will tell.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String lastCheckpoint() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(webUi + "/jobs/" + job.getJobID() + "/checkpoints"))
                .timeout(TIMEOUT)
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
        clock.cancel();
        if (terminal) {
            out.print(ERASE);
            out.flush();
        }
    }
}
