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
 * Sends HTTP requests to a schema registry. It tries each URL once, starting with the one that answered last. Not
 * thread-safe; an interrupt ends a request at once.
 */
final class RegistryClient {
    /** In bytes: a schema of the maximum size with its JSON escapes. */
    static final int MAX_ANSWER = 4 << 20;

    private static final String ACCEPT =
            "application/vnd.schemaregistry.v1+json, application/vnd.schemaregistry+json, application/json";
    private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final int NO_SUBJECT = 40401;
    private static final int NO_VERSION = 40402;
    private static final int NO_SCHEMA = 40403;
    /** A 404 without one of these codes comes from a wrong path, or from a proxy whose registry is down. */
    private static final Set<Integer> NOT_FOUND = Set.of(NO_SUBJECT, NO_VERSION, NO_SCHEMA);

    private final RegistryConfig config;
    private final HttpClient http;
    private final ObjectMapper json = new ObjectMapper();
    private int lastAnswered;

    /** @throws RegistryException if a file with keys or certificates is not usable */
    RegistryClient(RegistryConfig config) throws RegistryException {
        this.config = config;
        HttpClient.Builder builder =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(config.timeout());
        try {
            if (!config.tls().isPlain()) {
                builder.sslContext(TlsContext.of(config.tls()));
            }
        } catch (IOException e) {
            throw new RegistryException(Fault.UNAVAILABLE, Failures.message(e), e);
        }
        this.http = builder.build();
    }

    /** Whether a URL names a context; plain subjects then belong to that context. */
    boolean isInContext() {
        return config.urls().stream()
                .anyMatch(url -> String.valueOf(url.getPath()).contains("/contexts/"));
    }

    /** @param path relative to a URL of the registry, with a slash at its beginning */
    JsonNode get(String path) throws RegistryException, InterruptedException {
        return send(path, null);
    }

    JsonNode post(String path, JsonNode body) throws RegistryException, InterruptedException {
        return send(path, body.toString());
    }

    private JsonNode send(String path, @Nullable String body) throws RegistryException, InterruptedException {
        RegistryException failure = null;
        int first = lastAnswered;
        for (int i = 0; i < config.urls().size(); i++) {
            int index = (first + i) % config.urls().size();
            try {
                JsonNode answer = sendTo(config.urls().get(index), path, body);
                lastAnswered = index;
                return answer;
            } catch (RegistryException e) {
                if (e.fault() == Fault.REJECTED || e.fault() == Fault.TOO_LARGE) {
                    throw e;
                }
                // An answer of "not found" outweighs no answer, but another node may have what this one does not.
                failure = failure == null || failure.fault() == Fault.UNAVAILABLE ? e : failure;
            }
        }
        if (failure == null) {
            throw new IllegalStateException("the registry has no URL");
        }
        throw failure;
    }

    private JsonNode sendTo(URI url, String path, @Nullable String body)
            throws RegistryException, InterruptedException {
        CompletableFuture<HttpResponse<byte[]>> response =
                http.sendAsync(request(url, path, body), info -> new LimitedBody(MAX_ANSWER));
        try {
            // This timeout covers the whole answer; the HTTP client's own ends with the headers.
            HttpResponse<byte[]> whole = response.get(config.timeout().toMillis(), TimeUnit.MILLISECONDS);
            return answer(url, whole.statusCode(), whole.body());
        } catch (TimeoutException e) {
            throw unavailable(
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
                HttpRequest.newBuilder(URI.create(url + path)).header("Accept", ACCEPT);
        Login login = config.login();
        if (login != null) {
            try {
                byte[] credentials = (login.user() + ":" + login.password().read()).getBytes(StandardCharsets.UTF_8);
                request.header("Authorization", "Basic " + Base64.getEncoder().encodeToString(credentials));
            } catch (IOException e) {
                throw new RegistryException(Fault.UNAVAILABLE, Failures.message(e), e);
            }
        }
        if (body != null) {
            request.header("Content-Type", CONTENT_TYPE).POST(BodyPublishers.ofString(body));
        }
        return request.build();
    }

    private JsonNode answer(URI url, int status, byte[] body) throws RegistryException {
        JsonNode answer = parsed(body);
        if (status / 100 == 2) {
            if (answer == null) {
                throw new RegistryException(
                        Fault.UNAVAILABLE,
                        "the server at " + url + " is not a schema registry: it sent no JSON object");
            }
            return answer;
        }
        int code = answer == null ? 0 : answer.path("error_code").asInt();
        String message = answer == null ? "" : answer.path("message").asText();
        String sentence = "the registry at " + url + " answered " + status + (message.isEmpty() ? "" : ": " + message);
        throw new RegistryException(fault(status, code), sentence);
    }

    private static Fault fault(int status, int code) {
        return switch (status) {
            case 401, 403 -> Fault.UNAUTHORIZED;
            case 404 -> NOT_FOUND.contains(code) ? Fault.NOT_FOUND : Fault.UNAVAILABLE;
            case 408, 429 -> Fault.UNAVAILABLE;
            default -> status / 100 == 4 ? Fault.REJECTED : Fault.UNAVAILABLE;
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
                        Fault.TOO_LARGE, "the registry at " + url + " sent more than " + MAX_ANSWER + " bytes", e);
            }
        }
        Throwable cause = e.getCause() == null ? e : e.getCause();
        return unavailable(url, "cannot be reached: " + Failures.message(cause), e);
    }

    private static RegistryException unavailable(URI url, String why, Throwable cause) {
        return new RegistryException(Fault.UNAVAILABLE, "the registry at " + url + " " + why, cause);
    }
}
