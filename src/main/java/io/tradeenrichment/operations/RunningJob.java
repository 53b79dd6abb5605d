package io.tradeenrichment.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tradeenrichment.model.Account;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** A job on a cluster, asked and told by REST. */
final class RunningJob {
    /** A suspended job is none of them: another JobManager takes it over. */
    private static final Set<String> ENDED = Set.of("FINISHED", "CANCELED", "FAILED");

    private static final Set<String> ENDING = Set.of("FAILING", "CANCELLING");
    private static final String RUNNING = "RUNNING";
    /** What Flink calls a savepoint that a job is stopped with. */
    private static final String STOPPING = "SYNC_SAVEPOINT";

    private static final String NO_FOLDER = "execution.checkpointing.savepoint-dir";
    private static final String LOADED = ".loadedRecords";

    private final ClusterClient client;
    private final String id;

    RunningJob(ClusterClient client, String id) {
        this.client = client;
        this.id = id;
    }

    /** What a job is, at one moment. */
    static final class Status {
        private final JsonNode job;

        private Status(JsonNode job) {
            this.job = job;
        }

        /** In Flink's words. A running job's tasks may still be loading: {@link #isAllRunning} tells. */
        String state() {
            return job.path("state").asText();
        }

        boolean hasEnded() {
            return isEnd(state());
        }

        /** Whether it will end, or has, whoever wanted it to. */
        boolean isEnding() {
            return hasEnded() || ENDING.contains(state());
        }

        boolean isAllRunning() {
            return state().equals(RUNNING)
                    && StreamSupport.stream(job.path("vertices").spliterator(), false)
                            .allMatch(
                                    vertex -> vertex.path("tasks").path(RUNNING).asInt()
                                            == vertex.path("parallelism").asInt());
        }

        /** How many slots it takes: all its operators share them. */
        int parallelism() {
            return StreamSupport.stream(job.path("vertices").spliterator(), false)
                    .mapToInt(vertex -> vertex.path("parallelism").asInt())
                    .reduce(0, Math::max);
        }

        /** Beyond this its state cannot be spread. */
        int maxParallelism() {
            return StreamSupport.stream(job.path("vertices").spliterator(), false)
                    .mapToInt(vertex -> vertex.path("maxParallelism").asInt())
                    .filter(most -> most > 0)
                    .reduce(Integer.MAX_VALUE, Math::min);
        }
    }

    static boolean isEnd(String state) {
        return ENDED.contains(state);
    }

    String id() {
        return id;
    }

    /** Empty if the cluster does not know it, or not any more. */
    Optional<Status> find() throws ClusterException, InterruptedException {
        try {
            return Optional.of(status());
        } catch (ClusterException e) {
            if (e.isMissing()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    Status status() throws ClusterException, InterruptedException {
        return new Status(get(""));
    }

    /** What of it does not run yet, for people; empty if all does. */
    String progress() throws ClusterException, InterruptedException {
        var progress = new StringJoiner("; ");
        for (JsonNode vertex : get("").path("vertices")) {
            int waiting = vertex.path("parallelism").asInt()
                    - vertex.path("tasks").path(RUNNING).asInt();
            if (waiting > 0) {
                String name = title(vertex.path("name").asText());
                progress.add(name + " " + vertex.path("status").asText().toLowerCase(Locale.ROOT)
                        + loaded(vertex.path("id").asText()));
            }
        }
        return progress.toString();
    }

    /** Of a chain, the first operator's. */
    private static String title(String vertex) {
        return vertex.replaceFirst("^(Source|Sink): ", "").replaceFirst("( ->|: ).*", "");
    }

    private String loaded(String vertex) throws ClusterException, InterruptedException {
        String metrics = "/vertices/" + vertex + "/subtasks/metrics";
        String names = StreamSupport.stream(get(metrics).spliterator(), false)
                .map(metric -> metric.path("id").asText())
                .filter(name -> name.endsWith(LOADED))
                .collect(Collectors.joining(","));
        if (names.isEmpty()) {
            return "";
        }
        double records = 0;
        for (JsonNode metric : get(metrics + "?agg=sum&get=" + names)) {
            records += metric.path("sum").asDouble();
        }
        // A restored job has its rows already.
        return records == 0 ? "" : String.format(Locale.ROOT, " (%,.0f records loaded)", records);
    }

    /**
     * Why it failed or restarted, the last time it did after a moment of the JobManager's clock; empty if it did not.
     *
     * @param after in milliseconds, as {@link #lastFailure} tells; 0 for since it was started
     */
    Optional<String> failure(long after) throws ClusterException, InterruptedException {
        JsonNode latest = latestFailure();
        return latest.path("timestamp").asLong() > after
                ? Optional.of(RootCause.in(latest.path("stacktrace").asText()))
                : Optional.empty();
    }

    /** When it last failed or restarted; 0 if it never did. */
    long lastFailure() throws ClusterException, InterruptedException {
        return latestFailure().path("timestamp").asLong();
    }

    private JsonNode latestFailure() throws ClusterException, InterruptedException {
        return get("/exceptions?maxExceptions=1")
                .path("exceptionHistory")
                .path("entries")
                .path(0);
    }

    long completedCheckpoints() throws ClusterException, InterruptedException {
        return get("/checkpoints").path("counts").path("completed").asLong();
    }

    /**
     * Where the state is that its output was last committed with: its last complete checkpoint, or the savepoint that it was
     * stopped with, or what a JobManager that took it over has restored it from, or what it began with. A savepoint that was
     * taken in passing commits nothing, and does not count.
     *
     * <p>Flink answers from a cache: of a job that has just ended, {@link SessionCluster#awaitFreshAnswers} comes first.
     *
     * @return null if it began empty and has completed none
     * @throws ClusterException that is missing, if the cluster does not know it any more
     */
    @Nullable String committedState() throws ClusterException, InterruptedException {
        JsonNode latest = get("/checkpoints").path("latest");
        JsonNode savepoint = latest.path("savepoint");
        boolean isEnd = savepoint.path("checkpoint_type").asText().equals(STOPPING);
        JsonNode newest = Stream.of(
                        latest.path("restored"),
                        latest.path("completed"),
                        isEnd ? savepoint : MissingNode.getInstance())
                .max(Comparator.comparingLong(state -> state.path("id").asLong(-1)))
                .orElseThrow();
        return newest.hasNonNull("external_path") ? newest.get("external_path").asText() : null;
    }

    /** Whether its checkpoints stay when it is cancelled; a job that makes none has none to lose. */
    boolean keepsCheckpoints() throws ClusterException, InterruptedException {
        try {
            JsonNode kept = get("/checkpoints/config").path("externalization");
            return kept.path("enabled").asBoolean()
                    && !kept.path("delete_on_cancellation").asBoolean();
        } catch (ClusterException e) {
            if (e.isMissing()) {
                return true;
            }
            throw e;
        }
    }

    /** The control totals by their titles, in the order of the accounts. */
    Map<String, Long> totals() throws ClusterException, InterruptedException {
        Map<String, Long> accumulators = new HashMap<>();
        for (JsonNode accumulator : get("/accumulators").path("user-task-accumulators")) {
            accumulators.put(
                    accumulator.path("name").asText(), accumulator.path("value").asLong());
        }
        Map<String, Long> totals = new LinkedHashMap<>();
        for (Account account : Account.values()) {
            Long total = accumulators.get(account.title());
            if (total != null) {
                totals.put(account.title(), total);
            }
        }
        return totals;
    }

    /** Asks for a checkpoint now, whatever the interval. */
    void checkpoint() throws ClusterException, InterruptedException {
        client.post("/jobs/" + id + "/checkpoints", JsonNodeFactory.instance.objectNode());
    }

    /** @return where the savepoint is */
    String savepoint(OperationsConfig.Savepoints how) throws ClusterException, InterruptedException {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("formatType", how.format().name())
                .put("cancel-job", false);
        if (how.folder() != null) {
            body.put("target-directory", how.folder());
        }
        return saved("/savepoints", body, how.timeout());
    }

    /** Stops it in good order: what was read is written and committed. @return where the savepoint is */
    String stop(OperationsConfig.Savepoints how) throws ClusterException, InterruptedException {
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("formatType", how.format().name())
                .put("drain", false);
        if (how.folder() != null) {
            body.put("targetDirectory", how.folder());
        }
        return saved("/stop", body, how.timeout());
    }

    private String saved(String path, ObjectNode body, Duration timeout) throws ClusterException, InterruptedException {
        // Chosen here: what is asked for twice under one name, Flink does once, and if an answer is lost on its way,
        // the
        // savepoint can still be found.
        String trigger = UUID.randomUUID().toString().replace("-", "");
        try {
            client.postUntilAnswered("/jobs/" + id + path, body.put("triggerId", trigger));
        } catch (ClusterException e) {
            if (String.valueOf(e.getMessage()).contains(NO_FOLDER)) {
                throw new ClusterException(
                        1,
                        "the cluster has no folder for savepoints, " + NO_FOLDER + "; name one by --savepoint.dir",
                        e);
            }
            throw e;
        }
        JsonNode result =
                new Operation(client, "/jobs/" + id + "/savepoints/" + trigger, "the savepoint").await(timeout);
        return result.path("location").asText();
    }

    /** Ends it at once, if it has not ended; returns when it has. One that the cluster does not know has. */
    void cancel(Duration timeout) throws ClusterException, InterruptedException {
        Deadline deadline = Deadline.in(timeout);
        while (!hasEnded()) {
            try {
                client.patch("/jobs/" + id + "?mode=cancel");
            } catch (ClusterException e) {
                // It may be ending just now; if not, it is told again.
            }
            deadline.pause(() -> "the job " + id + " was cancelled, but has not ended");
        }
    }

    /** Returns when it has ended by itself. */
    void awaitEnd(Duration timeout) throws ClusterException, InterruptedException {
        Deadline deadline = Deadline.in(timeout);
        while (!hasEnded()) {
            deadline.pause(() -> "the job " + id + " was stopped, but has not ended");
        }
    }

    private boolean hasEnded() throws ClusterException, InterruptedException {
        return find().map(Status::hasEnded).orElse(true);
    }

    private JsonNode get(String path) throws ClusterException, InterruptedException {
        return client.get("/jobs/" + id + path);
    }
}
