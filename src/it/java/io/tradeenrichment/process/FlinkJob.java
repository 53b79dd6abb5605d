package io.tradeenrichment.process;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A job on a cluster, queried by REST and stopped by the command line. */
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

    /** Flink's job status. Tasks of a RUNNING job may still initialize, see {@link #isAllRunning}. */
    public String state() throws IOException, InterruptedException {
        return get("").get("state").asText();
    }

    /** Whether every task of every vertex is RUNNING. */
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

    /** The number of restarts after failures. */
    public long restarts() throws IOException, InterruptedException {
        return metric("numRestarts");
    }

    public long completedCheckpoints() throws IOException, InterruptedException {
        return get("/checkpoints").get("counts").get("completed").asLong();
    }

    public long failedCheckpoints() throws IOException, InterruptedException {
        return get("/checkpoints").get("counts").get("failed").asLong();
    }

    /** The path of the latest completed checkpoint. */
    public String latestCheckpoint() throws IOException, InterruptedException {
        return get("/checkpoints").at("/latest/completed/external_path").asText();
    }

    /** The failure message of the latest failed checkpoint. */
    public String latestCheckpointFailure() throws IOException, InterruptedException {
        return get("/checkpoints").at("/latest/failed/failure_message").asText();
    }

    /** How many times the job was restored from a checkpoint or savepoint. */
    public long restores() throws IOException, InterruptedException {
        return get("/checkpoints").get("counts").get("restored").asLong();
    }

    /** The exception history, latest first. */
    public JsonNode exceptions() throws IOException, InterruptedException {
        return get("/exceptions").get("exceptionHistory").get("entries");
    }

    /** The accumulators, merged over all subtasks. */
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

    /** @return the path of the savepoint */
    public String savepoint(Path target) throws IOException, InterruptedException {
        return commandLine.savepoint(id, target.toUri());
    }

    /** Stops the job with a savepoint and returns its path. */
    public String stop(Path target) throws IOException, InterruptedException {
        return stop(target.toUri());
    }

    /** Stops the job with a savepoint and returns its path. */
    public String stop(URI target) throws IOException, InterruptedException {
        return commandLine.stop(id, target);
    }

    /** The same by REST. */
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
