package io.tradeenrichment.process;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.IntSupplier;
import java.util.stream.StreamSupport;

/** The REST API of one cluster, as JSON. An error response is an exception with its body. */
public final class FlinkRest {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final String BOUNDARY = "trade-enrichment-jar";

    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private final IntSupplier port;

    /** @param port evaluated before each request, because the leader may change */
    FlinkRest(IntSupplier port) {
        this.port = port;
    }

    /** The base URL, also of the web UI. */
    public String url() {
        return "http://localhost:" + port.getAsInt();
    }

    /** @param path with its slash, for example {@code /jobs/overview} */
    public JsonNode get(String path) throws IOException, InterruptedException {
        return send(request(path).GET());
    }

    boolean answers() throws InterruptedException {
        try {
            return get("/overview").has("taskmanagers");
        } catch (IOException e) {
            return false;
        }
    }

    /** The ids of all jobs; empty while the cluster does not answer. */
    List<String> jobs() throws InterruptedException {
        try {
            return get("/jobs/overview").get("jobs").findValuesAsText("jid");
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Whether the TaskManager of this name has registered slots. */
    boolean hasRegistered(String taskManager) throws IOException, InterruptedException {
        return StreamSupport.stream(get("/taskmanagers").get("taskmanagers").spliterator(), false)
                .anyMatch(known -> known.get("id").asText().equals(taskManager)
                        && known.get("slotsNumber").asInt() > 0);
    }

    /** @return the cluster's id of the jar */
    String upload(Path jar) throws IOException, InterruptedException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\""
                        + jar.getFileName() + "\"\r\nContent-Type: application/java-archive\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        body.writeBytes(Files.readAllBytes(jar));
        body.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        JsonNode answer = send(request("/jars/upload")
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(BodyPublishers.ofByteArray(body.toByteArray())));
        return Path.of(answer.get("filename").asText()).getFileName().toString();
    }

    /** @return the id of the job */
    String run(String jar, List<String> arguments) throws IOException, InterruptedException {
        BodyPublisher body = BodyPublishers.ofString(json.writeValueAsString(Map.of("programArgsList", arguments)));
        return send(request("/jars/" + jar + "/run")
                        .header("Content-Type", "application/json")
                        .POST(body))
                .get("jobid")
                .asText();
    }

    /**
     * Stops a job with a savepoint: triggers it and polls until it is complete.
     *
     * @return the path of the savepoint
     */
    String stop(String job, Path target) throws IOException, InterruptedException {
        BodyPublisher body = BodyPublishers.ofString(
                json.writeValueAsString(Map.of("targetDirectory", target.toUri().toString())));
        String trigger = send(request("/jobs/" + job + "/stop")
                        .header("Content-Type", "application/json")
                        .POST(body))
                .get("request-id")
                .asText();
        JsonNode operation = await("the savepoint of " + job)
                .atMost(TIMEOUT)
                .until(
                        () -> get("/jobs/" + job + "/savepoints/" + trigger),
                        savepoint -> savepoint.at("/status/id").asText().equals("COMPLETED"))
                .get("operation");
        if (!operation.has("location")) {
            throw new IOException("The job was not stopped: " + operation.get("failure-cause"));
        }
        return operation.get("location").asText();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url() + path)).timeout(TIMEOUT);
    }

    private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
        var response = client.send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IOException(response.uri() + " answered " + response.statusCode() + ": " + response.body());
        }
        return json.readTree(response.body());
    }
}
