package io.tradeenrichment.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tradeenrichment.registry.RegistryException.Fault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryClientTest {
    private static final String UNREACHABLE = "http://localhost:1";

    private StubRegistry registry;

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws Exception {
        registry = new StubRegistry().on("GET /good", 200, "{\"id\":7}");
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            500 | {"error_code":50001,"message":"store"}     | UNAVAILABLE | answered 500: store
            503 | <html>no backend</html>                    | UNAVAILABLE | answered 503
            429 | {}                                         | UNAVAILABLE | answered 429
            404 | <html>no such page</html>                  | UNAVAILABLE | answered 404
            404 | {"error_code":40403,"message":"not found"} | NOT_FOUND | answered 404: not found
            404 | {"error_code":404,"message":"HTTP 404"}    | UNAVAILABLE | answered 404: HTTP 404
            401 | {}                                         | UNAUTHORIZED    | answered 401
            403 | {"message":"not yours"}                    | UNAUTHORIZED    | answered 403: not yours
            409 | {"error_code":409,"message":"incompatible"}| REJECTED   | answered 409: incompatible
            422 | {"error_code":42201,"message":"invalid"}   | REJECTED   | answered 422: invalid
            302 | {}                                         | UNAVAILABLE | answered 302
            200 | <html>log in here</html>                   | UNAVAILABLE | is not a schema registry: it sent no JSON object
            200 | [1, 2]                                     | UNAVAILABLE | is not a schema registry: it sent no JSON object
            """)
    void classifiesAnErrorAndDescribesItInOneSentence(int status, String body, Fault fault, String sentence) {
        registry.on("GET /bad", status, body);

        RegistryException e = failure(Configs.of(registry.url()), "/bad");

        assertThat(e.fault()).isEqualTo(fault);
        assertThat(e).hasMessageContaining(sentence).hasMessageContaining(registry.url());
    }

    @Test
    void treatsAnEmptyAnswerAsUnavailable() {
        registry.on("GET /empty", 200, "");
        assertThat(failure(Configs.of(registry.url()), "/empty").fault()).isEqualTo(Fault.UNAVAILABLE);
    }

    @Test
    void namesAnUnreachableUrl() {
        RegistryException e = failure(Configs.of(UNREACHABLE), "/good");

        assertThat(e.fault()).isEqualTo(Fault.UNAVAILABLE);
        assertThat(e).hasMessageStartingWith("the registry at http://localhost:1 cannot be reached: ");
    }

    @Test
    void appliesTheTimeoutToTheWholeAnswer() {
        CountDownLatch over = new CountDownLatch(1);
        registry.on("GET /slow", (n, exchange) -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
            try {
                over.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });

        RegistryException e = failure(Configs.of(registry.url(), "registry.timeout", "200 ms"), "/slow");
        over.countDown();

        assertThat(e.fault()).isEqualTo(Fault.UNAVAILABLE);
        assertThat(e).hasMessageEndingWith("has not answered within registry.timeout (200 ms)");
    }

    @Test
    void limitsTheSizeOfAnAnswer() {
        registry.on("GET /huge", (n, exchange) -> {
            exchange.sendResponseHeaders(200, 0);
            byte[] piece = new byte[1 << 16];
            while (true) {
                exchange.getResponseBody().write(piece);
            }
        });

        RegistryException e = failure(Configs.of(registry.url(), "registry.timeout", "20 s"), "/huge");

        assertThat(e.fault()).isEqualTo(Fault.TOO_LARGE);
        assertThat(e).hasMessageContaining("sent more than 4194304 bytes");
    }

    @Test
    void triesTheNextUrlAndThenPrefersIt() throws Exception {
        try (StubRegistry failing = new StubRegistry().on("GET /good", 503, "{}")) {
            RegistryClient client =
                    new RegistryClient(Configs.of(UNREACHABLE + "," + failing.url() + ", " + registry.url()));

            assertThat(client.get("/good").path("id").asInt()).isEqualTo(7);
            assertThat(client.get("/good").path("id").asInt()).isEqualTo(7);

            assertThat(failing.requests).hasSize(1);
            assertThat(registry.requests).hasSize(2);
        }
    }

    @Test
    void triesTheNextUrlIfASchemaIsNotFound() throws Exception {
        try (StubRegistry lagging = new StubRegistry()) {
            RegistryClient client = new RegistryClient(Configs.of(lagging.url() + "," + registry.url()));
            assertThat(client.get("/good").path("id").asInt()).isEqualTo(7);
        }
        RegistryException e = failure(Configs.of(registry.url() + "," + UNREACHABLE), "/missing");
        assertThat(e.fault()).isEqualTo(Fault.NOT_FOUND);
    }

    @Test
    void readsThePasswordFileAtEachRequest() throws Exception {
        Path file = Files.writeString(folder.resolve("password"), "first\n");
        RegistryClient client = new RegistryClient(
                Configs.of(registry.url(), "registry.user", "trades", "registry.password-file", file.toString()));

        client.get("/good");
        Files.writeString(file, "sécond");
        client.get("/good");

        assertThat(registry.logins).containsExactly(basic("trades:first"), basic("trades:sécond"));
    }

    @Test
    void namesAMissingPasswordFile() {
        RegistryException e = failure(
                Configs.of(registry.url(), "registry.user", "trades", "registry.password-file", "/no/such/file"),
                "/good");

        assertThat(e.fault()).isEqualTo(Fault.UNAVAILABLE);
        assertThat(e).hasMessage("the password file /no/such/file cannot be read");
    }

    @Test
    void hidesTheLoginInFailures() {
        registry.on("GET /bad", 401, "{}");
        RegistryException e =
                failure(Configs.of(registry.url(), "registry.user", "trades", "registry.password", "canary"), "/bad");

        assertThat(e).hasStackTraceContaining("answered 401");
        assertThat(stackTrace(e)).doesNotContain("canary").doesNotContain(basic("trades:canary"));
    }

    private static String stackTrace(Throwable e) {
        var text = new java.io.StringWriter();
        e.printStackTrace(new java.io.PrintWriter(text));
        return text.toString();
    }

    private static String basic(String login) {
        return "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8));
    }

    private static RegistryException failure(RegistryConfig config, String path) {
        RegistryException e = catchThrowableOfType(RegistryException.class, () -> new RegistryClient(config).get(path));
        assertThat(e).isNotNull();
        return e;
    }
}
