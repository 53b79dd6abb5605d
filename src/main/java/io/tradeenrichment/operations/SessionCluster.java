package io.tradeenrichment.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.WebOptions;

/** A Flink cluster that takes jars. */
final class SessionCluster {
    /** Main asks Kafka and the registry before it submits anything, each for as long as their timeouts. */
    static final Duration MAIN_TAKES = Duration.ofMinutes(2);

    /** How long a JobManager remembers a job that has ended: the default of jobstore.expiration-time. */
    static final Duration REMEMBERS = Duration.ofHours(1);

    private final ClusterClient client;

    SessionCluster(ClusterClient client) {
        this.client = client;
    }

    /** @return one sentence's worth, for people; also shows that it answers */
    String overview() throws ClusterException, InterruptedException {
        JsonNode overview = client.get("/overview");
        return client.url() + ", Flink " + overview.path("flink-version").asText() + ", "
                + overview.path("taskmanagers").asInt() + " TaskManagers, "
                + overview.path("slots-available").asInt() + " of "
                + overview.path("slots-total").asInt() + " slots free";
    }

    RunningJob job(String id) {
        return new RunningJob(client, id);
    }

    /** The jobs of this name that have not ended. */
    List<RunningJob> running(String name) throws ClusterException, InterruptedException {
        return StreamSupport.stream(client.get("/jobs/overview").path("jobs").spliterator(), false)
                .filter(job -> job.path("name").asText().equals(name)
                        && !RunningJob.isEnd(job.path("state").asText()))
                .map(job -> job(job.path("jid").asText()))
                .toList();
    }

    /** What the cluster's own settings say; empty if they do not. */
    Optional<String> setting(String key) throws ClusterException, InterruptedException {
        return Optional.ofNullable(settings().get(key));
    }

    private Map<String, String> settings() throws ClusterException, InterruptedException {
        Map<String, String> settings = new HashMap<>();
        for (JsonNode setting : client.get("/jobmanager/config")) {
            settings.put(setting.path("key").asText(), setting.path("value").asText());
        }
        return settings;
    }

    /** Flink answers from caches; returns when what it tells of a job is no older than this call. */
    void awaitFreshAnswers() throws ClusterException, InterruptedException {
        Configuration settings = Configuration.fromMap(settings());
        Thread.sleep(Math.max(
                settings.get(RestOptions.CACHE_CHECKPOINT_STATISTICS_TIMEOUT).toMillis(),
                settings.get(WebOptions.REFRESH_INTERVAL).toMillis()));
    }

    /**
     * Refuses a parallelism that the cluster has no slots for.
     *
     * @param freed slots that a job gives back first
     */
    void checkSlots(int parallelism, int freed) throws IOException, InterruptedException {
        JsonNode overview = client.get("/overview");
        int free = overview.path("slots-available").asInt() + freed;
        if (parallelism > free && !hasSlotsOnDemand()) {
            throw new IOException("parallelism " + parallelism + " needs " + parallelism + " slots, but " + client.url()
                    + " has " + free + " for this job; add TaskManagers, or take a lower one");
        }
    }

    /** Where Flink itself starts TaskManagers, there are none before a job wants them. */
    private boolean hasSlotsOnDemand() throws ClusterException, InterruptedException {
        String target = setting("execution.target").orElse("");
        return target.startsWith("kubernetes") || target.startsWith("yarn");
    }

    /** An id for a job to come: chosen here, so that a start whose answer is lost can be looked for. */
    static String newJobId() {
        return UUID.randomUUID().toString().replace("-", "");
    }

    /**
     * Uploads the jar, runs its main class, and removes the jar again: the job has its own copy.
     *
     * @param beginning what it goes on from
     * @param patience for the upload, and for the job's main, which checks Kafka before it submits anything
     * @param asked is told just before main is run
     * @throws ClusterException with main's own sentence, if it refuses; but the job may have come all the same
     */
    void run(String jobId, Path jar, Version version, Beginning beginning, Duration patience, Asked asked)
            throws IOException, InterruptedException {
        String uploaded =
                client.upload("/jars/upload", jar, patience).path("filename").asText();
        String path = "/jars/" + uploaded.substring(uploaded.lastIndexOf('/') + 1);
        try {
            asked.run();
            client.post(path + "/run", request(jobId, version, beginning), patience);
        } finally {
            remove(path);
        }
    }

    /** What is to be done just before main is run. */
    interface Asked {
        void run() throws IOException;
    }

    private static ObjectNode request(String jobId, Version version, Beginning beginning) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("jobId", jobId);
        request.put("parallelism", version.parallelism());
        ArrayNode arguments = request.putArray("programArgsList");
        version.arguments().forEach(arguments::add);
        if (beginning.state() != null) {
            request.put("savepointPath", beginning.state());
            request.put("allowNonRestoredState", beginning.leavesStateBehind());
        }
        return request;
    }

    private void remove(String uploadedJar) throws InterruptedException {
        try {
            client.delete(uploadedJar);
        } catch (ClusterException e) {
            // It stays on the submit page, and harms nobody.
        }
    }

    /** Deletes a savepoint that nothing will be started from. */
    void dispose(String savepoint, Duration timeout) throws ClusterException, InterruptedException {
        JsonNode trigger = client.post(
                "/savepoint-disposal", JsonNodeFactory.instance.objectNode().put("savepoint-path", savepoint));
        new Operation(
                        client,
                        "/savepoint-disposal/" + trigger.path("request-id").asText(),
                        "deleting the savepoint " + savepoint)
                .await(timeout);
    }
}
