package io.tradeenrichment.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A Flink cluster that takes jars. */
final class SessionCluster {
    private static final Set<String> ENDED = Set.of("FINISHED", "CANCELED", "FAILED", "SUSPENDED");

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

    /** A job of this name that has not ended. */
    Optional<RunningJob> running(String name) throws ClusterException, InterruptedException {
        for (JsonNode job : client.get("/jobs/overview").path("jobs")) {
            if (job.path("name").asText().equals(name)
                    && !ENDED.contains(job.path("state").asText())) {
                return Optional.of(job(job.path("jid").asText()));
            }
        }
        return Optional.empty();
    }

    /** What the cluster's own settings say; empty if they do not. */
    Optional<String> setting(String key) throws ClusterException, InterruptedException {
        for (JsonNode setting : client.get("/jobmanager/config")) {
            if (setting.path("key").asText().equals(key)) {
                return Optional.of(setting.path("value").asText());
            }
        }
        return Optional.empty();
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
     * @param from a savepoint or checkpoint; null to begin empty
     * @param patience for the upload, and for the job's main, which checks Kafka before it submits anything
     * @throws ClusterException with main's own sentence, if it refuses
     */
    RunningJob run(String jobId, Path jar, Version version, @Nullable String from, Duration patience)
            throws ClusterException, InterruptedException {
        String uploaded =
                client.upload("/jars/upload", jar, patience).path("filename").asText();
        String path = "/jars/" + uploaded.substring(uploaded.lastIndexOf('/') + 1);
        try {
            client.post(path + "/run", request(jobId, version, from), patience);
        } catch (ClusterException e) {
            if (!e.isUnanswered() || !isKnown(jobId)) {
                throw e;
            }
        } finally {
            remove(path);
        }
        return job(jobId);
    }

    private static ObjectNode request(String jobId, Version version, @Nullable String from) {
        ObjectNode request = JsonNodeFactory.instance.objectNode();
        request.put("jobId", jobId);
        request.put("parallelism", version.parallelism());
        ArrayNode arguments = request.putArray("programArgsList");
        version.arguments().forEach(arguments::add);
        if (from != null) {
            request.put("savepointPath", from);
        }
        return request;
    }

    boolean isKnown(String jobId) throws InterruptedException {
        try {
            job(jobId).status();
            return true;
        } catch (ClusterException e) {
            return false;
        }
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
