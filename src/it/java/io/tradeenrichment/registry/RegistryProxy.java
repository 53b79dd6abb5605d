package io.tradeenrichment.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.function.Predicate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An HTTP proxy of a registry that can drop requests, and can require TLS and basic authentication. */
final class RegistryProxy implements AutoCloseable {
    private final HttpClient http = HttpClient.newHttpClient();
    private final String registry;
    private final HttpServer server;
    private final String login;
    private volatile Predicate<String> dropped = path -> false;

    private RegistryProxy(String registry, HttpServer server, String login) {
        this.registry = registry;
        this.server = server;
        this.login = login;
        server.createContext("/", this::answer);
        server.start();
    }

    static RegistryProxy to(String registry) throws IOException {
        return new RegistryProxy(registry, HttpServer.create(anyPort(), 0), null);
    }

    /** @param login user and password with a colon between; other requests are answered with 401 */
    static RegistryProxy withTls(String registry, Path keystore, String password, String login) throws Exception {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(KeyStore.getInstance(keystore.toFile(), password.toCharArray()), password.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(anyPort(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return new RegistryProxy(registry, server, login);
    }

    String url() {
        return (server instanceof HttpsServer ? "https" : "http") + "://localhost:"
                + server.getAddress().getPort();
    }

    /** Drops the requests for these paths from now on. */
    void disconnect(Predicate<String> paths) {
        dropped = paths;
    }

    /** Forwards all requests again. */
    void reconnect() {
        dropped = path -> false;
    }

    private void answer(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        if (dropped.test(path)) {
            // No response, as if the network failed.
            exchange.close();
        } else if (login != null && !basic().equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            send(exchange, 401, "{\"error_code\":40101,\"message\":\"unauthorized\"}".getBytes(StandardCharsets.UTF_8));
        } else {
            try {
                HttpResponse<byte[]> answer = http.send(
                        HttpRequest.newBuilder(URI.create(registry + path))
                                .header("Content-Type", "application/vnd.schemaregistry.v1+json")
                                .method(
                                        exchange.getRequestMethod(),
                                        BodyPublishers.ofByteArray(
                                                exchange.getRequestBody().readAllBytes()))
                                .build(),
                        BodyHandlers.ofByteArray());
                send(exchange, answer.statusCode(), answer.body());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private String basic() {
        return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
