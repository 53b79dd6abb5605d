package io.tradeenrichment.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/** Flink's REST interface of one cluster, as JSON. One thread at a time. */
final class ClusterClient {
    /** From here on it is not the question that is wrong: a JobManager is being elected, or has just lost a job to another. */
    private static final int UNAVAILABLE = 500;

    private static final String BOUNDARY = "trade-enrichment-jar";

    private final URI url;
    private final Duration timeout;
    private final HttpClient http;
    private final ObjectMapper json = new ObjectMapper();

    ClusterClient(URI url, Duration timeout) {
        this.url = url;
        this.timeout = timeout;
        this.http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(timeout)
                .build();
    }

    URI url() {
        return url;
    }

    /**
     * Asks again as long as the cluster is away, up to the timeout: asking changes nothing.
     *
     * @param path with its slash, for example {@code /jobs/overview}
     */
    JsonNode get(String path) throws ClusterException, InterruptedException {
        return answered(() -> send(request(path).GET().timeout(timeout)));
    }

    /** Like {@link #post}, but again and again as long as the cluster is away, which must do no harm. */
    JsonNode postUntilAnswered(String path, JsonNode body) throws ClusterException, InterruptedException {
        return answered(() -> post(path, body));
    }

    /** A question that may be asked more than once. */
    private interface Question {
        JsonNode ask() throws ClusterException, InterruptedException;
    }

    private JsonNode answered(Question question) throws ClusterException, InterruptedException {
        Deadline deadline = Deadline.in(timeout);
        while (true) {
            try {
                return question.ask();
            } catch (ClusterException e) {
                if (!e.isUnanswered() || deadline.isOver()) {
                    throw e;
                }
            }
            deadline.pause();
        }
    }

    JsonNode post(String path, JsonNode body) throws ClusterException, InterruptedException {
        return post(path, body, timeout);
    }

    /** @param patience for an answer that takes its time */
    JsonNode post(String path, JsonNode body, Duration patience) throws ClusterException, InterruptedException {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.toString()))
                .timeout(patience));
    }

    void patch(String path) throws ClusterException, InterruptedException {
        send(request(path).method("PATCH", BodyPublishers.noBody()).timeout(timeout));
    }

    void delete(String path) throws ClusterException, InterruptedException {
        send(request(path).DELETE().timeout(timeout));
    }

    /** Sends a file as the web UI's submit page does. */
    JsonNode upload(String path, Path file, Duration patience) throws ClusterException, InterruptedException {
        byte[] before = ("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"jarfile\"; filename=\""
                        + file.getFileName() + "\"\r\nContent-Type: application/java-archive\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8);
        byte[] after = ("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8);
        return answered(() -> send(request(path)
                .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
                .POST(BodyPublishers.ofInputStream(() -> parts(before, file, after)))
                .timeout(patience)));
    }

    private static InputStream parts(byte[] before, Path file, byte[] after) {
        try {
            return new SequenceInputStream(Collections.enumeration(List.of(
                    new ByteArrayInputStream(before), Files.newInputStream(file), new ByteArrayInputStream(after))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(url + path));
    }

    private JsonNode send(HttpRequest.Builder request) throws ClusterException, InterruptedException {
        HttpResponse<String> answer;
        try {
            answer = http.send(request.build(), BodyHandlers.ofString());
        } catch (IOException e) {
            String why = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
            throw ClusterException.unanswered("the cluster at " + url + " does not answer: " + why, e);
        }
        if (answer.statusCode() / 100 != 2) {
            throw refused(answer);
        }
        return parsed(answer.body());
    }

    private ClusterException refused(HttpResponse<String> answer) {
        JsonNode errors;
        try {
            errors = parsed(answer.body()).path("errors");
        } catch (ClusterException e) {
            errors = MissingNode.getInstance();
        }
        // The last one is a stack trace, where there is one.
        JsonNode last = errors.path(errors.size() - 1);
        String said = last.isMissingNode() ? "status " + answer.statusCode() : RootCause.in(unwrapped(last.asText()));
        return answer.statusCode() >= UNAVAILABLE
                ? ClusterException.unanswered("the cluster at " + url + " cannot answer: " + said, null)
                : new ClusterException(answer.statusCode(), said, null);
    }

    private static String unwrapped(String error) {
        return error.replaceFirst("^<Exception on server side:\\R", "")
                .replaceFirst("\\REnd of exception on server side>$", "");
    }

    private JsonNode parsed(String body) throws ClusterException {
        try {
            return body.isBlank() ? MissingNode.getInstance() : json.readTree(body);
        } catch (IOException e) {
            throw new ClusterException(1, "what answers at " + url + " is no Flink cluster: it sent no JSON", e);
        }
    }
}
