package io.tradeenrichment.process;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A job on a cluster: what it is asked by REST, and how it is ended by the command line. */
public final class FlinkJob {
    private final String id;
    private final FlinkCommandLine commandLine;
    private final FlinkRest rest;

    FlinkJob(String id, FlinkCommandLine commandLine, FlinkRest rest) {
        this.id = id;
        this.commandLine = commandLine;
        this.rest = rest;
    }

    public String id() {
        return id;
    }

    /** Its state in Flink's words. A running job's tasks may still be loading: {@link #isAllRunning} tells. */
    public String state() throws IOException, InterruptedException {
        return get("").get("state").asText();
    }

    /** Whether every task of every vertex runs. */
    public boolean isAllRunning() throws IOException, InterruptedException {
        JsonNode job = get("");
        for (JsonNode vertex : job.get("vertices")) {
            if (vertex.get("tasks").get("RUNNING").asInt()
                    != vertex.get("parallelism").asInt()) {
                return false;
            }
        }
        return job.get("state").asText().equals("RUNNING");
    }

    /** How often it was restarted after a failure. */
    public long restarts() throws IOException, InterruptedException {
        return metric("numRestarts");
    }

    public long completedCheckpoints() throws IOException, InterruptedException {
        return get("/checkpoints").get("counts").get("completed").asLong();
    }

    public long failedCheckpoints() throws IOException, InterruptedException {
        return get("/checkpoints").get("counts").get("failed").asLong();
    }

    /** Where the latest complete checkpoint is. */
    public String latestCheckpoint() throws IOException, InterruptedException {
        return get("/checkpoints").at("/latest/completed/external_path").asText();
    }

    /** What is said of the latest checkpoint that failed. */
    public String latestCheckpointFailure() throws IOException, InterruptedException {
        return get("/checkpoints").at("/latest/failed/failure_message").asText();
    }

    /** How many checkpoints and savepoints it was restored from. */
    public long restores() throws IOException, InterruptedException {
        return get("/checkpoints").get("counts").get("restored").asLong();
    }

    /** Its failures, the latest first. */
    public JsonNode exceptions() throws IOException, InterruptedException {
        return get("/exceptions").get("exceptionHistory").get("entries");
    }

    /** Its accumulators of all subtasks together. */
    public Map<String, Long> totals() throws IOException, InterruptedException {
        Map<String, Long> totals = new TreeMap<>();
        for (JsonNode total : get("/accumulators").get("user-task-accumulators")) {
            totals.put(total.get("name").asText(), total.get("value").asLong());
        }
        return totals;
    }

    /** A metric of the job as a whole. */
    public long metric(String name) throws IOException, InterruptedException {
        return get("/metrics?get=" + name).get(0).get("value").asLong();
    }

    /** @return where the savepoint is */
    public String savepoint(Path target) throws IOException, InterruptedException {
        return commandLine.savepoint(id, target.toUri());
    }

    /** Stops it in good order. @return where the savepoint is */
    public String stop(Path target) throws IOException, InterruptedException {
        return stop(target.toUri());
    }

    /** Stops it in good order. @return where the savepoint is */
    public String stop(URI target) throws IOException, InterruptedException {
        return commandLine.stop(id, target);
    }

    /** Stops it in good order by REST. @return where the savepoint is */
    public String stopByRest(Path target) throws IOException, InterruptedException {
        return rest.stop(id, target);
    }

    public void cancel() throws IOException, InterruptedException {
        commandLine.cancel(id);
    }

    private JsonNode get(String path) throws IOException, InterruptedException {
        return rest.get("/jobs/" + id + path);
    }
}
