package io.tradeenrichment.process;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A schema registry with Confluent's REST API (Apicurio), as a process. It keeps schemas in memory: after a restart it is
 * empty and its ids start from 1 again. The build puts its jars into {@code target/registry/lib}.
 */
public final class SchemaRegistry implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final ProcessFolder folder;
    private final int port;
    private RealProcess process;

    private SchemaRegistry(ProcessFolder folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /** Starts an empty registry on a free port, and returns when it answers. */
    public static SchemaRegistry start() throws Exception {
        return start(ProcessFolder.ofTest("registry"), Ports.free());
    }

    static SchemaRegistry start(ProcessFolder folder, int port) throws Exception {
        SchemaRegistry registry = new SchemaRegistry(folder, port);
        registry.restart();
        return registry;
    }

    /** The value of {@code registry.url}. */
    public String url() {
        return "http://localhost:" + port + "/apis/ccompat/v7";
    }

    /** Kills the process; its schemas are lost. */
    public void kill() throws InterruptedException {
        process.close();
    }

    /** Shuts the registry down; its schemas are lost. */
    public void stop() throws InterruptedException {
        process.stop();
        process.close();
    }

    /** Starts an empty registry on the same port, and returns when it answers. */
    public void restart() throws Exception {
        process = folder.start("registry", Map.of(), command());
        process.awaitReady(this::answers);
    }

    private List<String> command() throws IOException {
        List<String> command = new ArrayList<>(List.of(
                RealProcess.java(), "-Xmx512m", "-Dquarkus.http.host=localhost", "-Dquarkus.http.port=" + port));
        if (folder.isLasting()) {
            command.addAll(List.of(
                    "-Dquarkus.log.console.enable=false",
                    "-Dquarkus.log.file.enable=true",
                    "-Dquarkus.log.file.path=" + folder.log("registry"),
                    "-Dquarkus.log.file.rotation.max-file-size=20M",
                    "-Dquarkus.log.file.rotation.max-backup-index=4"));
        }
        command.addAll(List.of("-jar", runner().toString()));
        return command;
    }

    /** Registers a schema and returns its id. */
    public int register(String subject, String schema) throws Exception {
        String body = JSON.createObjectNode().put("schema", schema).toString();
        return answer(send("POST", "/subjects/" + subject + "/versions", body))
                .path("id")
                .asInt();
    }

    /** The JSON of the schema with this id. */
    public String schema(int id) throws Exception {
        return answer(send("GET", "/schemas/ids/" + id, "")).path("schema").asText();
    }

    private static JsonNode answer(HttpResponse<String> response) throws IOException {
        if (response.statusCode() != 200) {
            throw new IllegalStateException("the registry answers " + response.statusCode() + ": " + response.body());
        }
        return JSON.readTree(response.body());
    }

    /** Sends a request of Confluent's REST API. */
    public HttpResponse<String> send(String method, String path, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create(url() + path))
                        .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                        .method(method, BodyPublishers.ofString(body))
                        .build(),
                BodyHandlers.ofString());
    }

    private boolean answers() throws InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + "/subjects"))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static Path runner() throws IOException {
        Path lib = Path.of(System.getProperty("registry.lib", "target/registry/lib"))
                .toAbsolutePath();
        if (Files.isDirectory(lib)) {
            try (Stream<Path> files = Files.list(lib)) {
                return files.filter(file -> file.toString().endsWith("-runner.jar"))
                        .findFirst()
                        .orElseThrow();
            }
        }
        throw new IllegalStateException("no registry in " + lib + "; run mvn -f deploy/local/pom.xml package first");
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
    }
}
