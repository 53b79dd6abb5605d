package io.tradeenrichment.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tradeenrichment.registry.RegistryException.Fault;
import io.tradeenrichment.settings.DurationText;
import io.tradeenrichment.settings.Failures;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks a schema registry over HTTP: each of its URLs in turn, beginning with the one that answered last, once each. One
 * thread at a time; an interrupt ends the question at once.
 */
final class RegistryClient {
    /** Of an answer in bytes: a schema of the greatest size, and its escapes in JSON. */
    static final int LONGEST_ANSWER = 4 << 20;

    private static final String ACCEPTED =
            "application/vnd.schemaregistry.v1+json, application/vnd.schemaregistry+json, application/json";
    private static final String SENT = "application/vnd.schemaregistry.v1+json";
    private static final int NO_SUBJECT = 40401;
    private static final int NO_VERSION = 40402;
    private static final int NO_SCHEMA = 40403;
    /** A 404 without one of these is a wrong path or a proxy without its registry behind it. */
    private static final Set<Integer> MISSING = Set.of(NO_SUBJECT, NO_VERSION, NO_SCHEMA);

    private final RegistryConfig config;
    private final HttpClient http;
    private final ObjectMapper json = new ObjectMapper();
    private int answered;

    /** @throws RegistryException if a file of keys or certificates cannot be used */
    RegistryClient(RegistryConfig config) throws RegistryException {
        this.config = config;
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(config.timeout());
        try {
            if (!config.tls().isPlain()) {
                builder.sslContext(TlsContext.of(config.tls()));
            }
        } catch (IOException e) {
            throw new RegistryException(Fault.NO_ANSWER, Failures.message(e), e);
        }
        this.http = builder.build();
    }

    /** Whether a URL of the registry names a context: what is plain below it is of that context. */
    boolean isInContext() {
        return config.urls().stream()
                .anyMatch(url -> String.valueOf(url.getPath()).contains("/contexts/"));
    }

    /** @param path below a URL of the registry, beginning with a slash */
    JsonNode get(String path) throws RegistryException, InterruptedException {
        return ask(path, null);
    }

    JsonNode post(String path, JsonNode body) throws RegistryException, InterruptedException {
        return ask(path, body.toString());
    }

    private JsonNode ask(String path, @Nullable String body) throws RegistryException, InterruptedException {
        RegistryException failure = null;
        int first = answered;
        for (int i = 0; i < config.urls().size(); i++) {
            int index = (first + i) % config.urls().size();
            try {
                JsonNode answer = askOne(config.urls().get(index), path, body);
                answered = index;
                return answer;
            } catch (RegistryException e) {
                if (e.fault() == Fault.REFUSED || e.fault() == Fault.TOO_LARGE) {
                    throw e;
                }
                // A node that lags behind may miss what another knows; one that is down knows nothing.
                failure = failure == null || failure.fault() == Fault.NO_ANSWER ? e : failure;
            }
        }
        if (failure == null) {
            throw new IllegalStateException("a registry without a URL");
        }
        throw failure;
    }

    private JsonNode askOne(URI url, String path, @Nullable String body)
            throws RegistryException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> response =
                http.sendAsync(request(url, path, body), info -> new LimitedBody(LONGEST_ANSWER));
        try {
            // Of the whole answer: the client's own timeout ends with the headers.
            HttpResponse<byte[]> whole = response.get(config.timeout().toMillis(), TimeUnit.MILLISECONDS);
            return answer(url, whole.statusCode(), whole.body());
        } catch (TimeoutException e) {
            throw unanswered(
                    url,
                    "has not answered within " + RegistryOptions.TIMEOUT.key() + " ("
                            + DurationText.of(config.timeout()) + ")",
                    e);
        } catch (ExecutionException e) {
            throw failed(url, e);
        } finally {
            response.cancel(true);
        }
    }

    private HttpRequest request(URI url, String path, @Nullable String body) throws RegistryException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(url + path)).header("Accept", ACCEPTED);
        RegistryConfig.Login login = config.login();
        if (login != null) {
            try {
                byte[] credentials = (login.user() + ":" + login.password().read()).getBytes(StandardCharsets.UTF_8);
                request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
            } catch (IOException e) {
                throw new RegistryException(Fault.NO_ANSWER, Failures.message(e), e);
            }
        }
        if (body != null) {
            request.header("Content-Type", SENT).POST(BodyPublishers.ofString(body));
        }
        return request.build();
    }

    private JsonNode answer(URI url, int status, byte[] body) throws RegistryException {
        JsonNode answer = parsed(body);
        if (status / 100 == 2) {
            if (answer == null) {
                throw new RegistryException(
                        Fault.NO_ANSWER, "what answers at " + url + " is no schema registry: it sent no JSON object");
            }
            return answer;
        }
        int code = answer == null ? 0 : answer.path("error_code").asInt();
        String said = answer == null ? "" : answer.path("message").asText();
        String sentence = "the registry at " + url + " answered " + status + (said.isEmpty() ? "" : ": " + said);
        throw new RegistryException(fault(status, code), sentence);
    }

    private static Fault fault(int status, int code) {
        return switch (status) {
            case 401, 403 -> Fault.DENIED;
            case 404 -> MISSING.contains(code) ? Fault.MISSING : Fault.NO_ANSWER;
            case 408, 429 -> Fault.NO_ANSWER;
            default -> status / 100 == 4 ? Fault.REFUSED : Fault.NO_ANSWER;
        };
    }

    private @Nullable JsonNode parsed(byte[] body) {
        try {
            JsonNode tree = json.readTree(body);
            return tree != null && tree.isObject() ? tree : null;
        } catch (IOException | StackOverflowError e) {
            return null;
        }
    }

    private static RegistryException failed(URI url, ExecutionException e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof LimitedBody.TooLongException) {
                return new RegistryException(
                        Fault.TOO_LARGE, "the registry at " + url + " sent more than " + LONGEST_ANSWER + " bytes", e);
            }
        }
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return unanswered(url, "cannot be reached: " + Failures.message(cause), e);
    }

    private static RegistryException unanswered(URI url, String why, Throwable cause) {
        return new RegistryException(Fault.NO_ANSWER, "the registry at " + url + " " + why, cause);
    }
}
