package io.tradeenrichment.registry;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.apache.avro.Schema;

/** An HTTP server with configurable answers. It answers any other request with "not found". */
final class StubRegistry implements AutoCloseable {
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, Behaviour> behaviours = new ConcurrentHashMap<>();
    /** Method, path and query of every request, in order. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    final List<String> logins = new CopyOnWriteArrayList<>();
    final List<String> bodies = new CopyOnWriteArrayList<>();

    /** Answers the n-th request of a path, counted from 0. */
    interface Behaviour {
        void answer(int n, HttpExchange exchange) throws IOException;
    }

    StubRegistry() throws IOException {
        this(HttpServer.create(anyPort(), 0));
    }

    private StubRegistry(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    static StubRegistry withTls(SSLContext context, boolean requiresClientKey) throws IOException {
        HttpsServer server = HttpsServer.create(anyPort(), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters defaults = context.getDefaultSSLParameters();
                defaults.setNeedClientAuth(requiresClientKey);
                parameters.setSSLParameters(defaults);
            }
        });
        return new StubRegistry(server);
    }

    String url() {
        return (server instanceof HttpsServer ? "https" : "http") + "://localhost:"
                + server.getAddress().getPort();
    }

    /** @param request method, path and query, for example {@code GET /schemas/ids/7} */
    StubRegistry on(String request, Behaviour behaviour) {
        behaviours.put(request, behaviour);
        return this;
    }

    StubRegistry on(String request, int status, String body) {
        return on(request, (n, exchange) -> send(exchange, status, body));
    }

    StubRegistry schema(long id, Schema schema) {
        return on("GET /schemas/ids/" + id, 200, json(schema.toString()).toString());
    }

    StubRegistry newest(String subject, int id, Schema schema) {
        return on(
                "GET /subjects/" + subject + "/versions/latest",
                200,
                json(schema.toString()).put("id", id).put("version", 3).toString());
    }

    static ObjectNode json(String schema) {
        return JsonNodeFactory.instance.objectNode().put("schema", schema);
    }

    static void send(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void answer(HttpExchange exchange) {
        String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
        try {
            bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
            logins.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
            int n = (int) requests.stream().filter(request::equals).count();
            requests.add(request);
            Behaviour behaviour = behaviours.get(request);
            if (behaviour == null) {
                send(exchange, 404, "{\"error_code\":40403,\"message\":\"Schema not found\"}");
            } else {
                behaviour.answer(n, exchange);
            }
        } catch (IOException e) {
            // Some tests close the connection.
            throw new UncheckedIOException(e);
        }
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
