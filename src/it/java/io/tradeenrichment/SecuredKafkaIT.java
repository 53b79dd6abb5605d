package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.process.KafkaBroker;
import io.tradeenrichment.settings.SettingsException;
import io.tradeenrichment.types.ModelTypes;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job against a broker that wants a password and a certificate of every client, with all of the job's clients, the one
 * that asks for lost transactions too. Nothing that a person or a log is shown tells a secret.
 */
class SecuredKafkaIT {
    private static final String PROTOCOL = "SASL_SSL";
    private static final String PASSWORD = "canary-of-the-user";
    private static final String STORE_PASSWORD = "canary-of-the-store";
    private static final String SECRET = "canary";
    private static final long TRADES = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    private static Path store;
    private static KafkaBroker broker;

    @BeforeAll
    static void start() throws Exception {
        store = folder.resolve("store.p12");
        certify(store);
        String listener = "listener.name." + PROTOCOL.toLowerCase(Locale.ROOT) + ".";
        Map<String, String> settings = new HashMap<>();
        stores().forEach((key, value) -> settings.put(listener + key, value));
        settings.put(listener + "ssl.client.auth", "required");
        settings.put(listener + "sasl.enabled.mechanisms", "PLAIN");
        settings.put(
                listener + "plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_job=\"" + PASSWORD + "\";");
        broker = KafkaBroker.start(settings, PROTOCOL);
    }

    @AfterAll
    static void stop() throws Exception {
        broker.close();
    }

    @BeforeEach
    void forget() {
        FailsOnce.FAILED.set(false);
    }

    @Test
    void everyClientGoesThroughAndNoSecretIsShown() throws Exception {
        runWith(secrets(PASSWORD));
    }

    @Test
    void secretsMayStandInAFileThatOnlyKafkasClientsRead() throws Exception {
        Path file = folder.resolve("secrets.properties");
        Files.writeString(file, "user=" + PASSWORD + "\nstore=" + STORE_PASSWORD + "\n");
        Map<String, String> settings = secrets("${file:" + file + ":user}");
        settings.replaceAll((key, value) -> value.equals(STORE_PASSWORD) ? "${file:" + file + ":store}" : value);
        settings.put("kafka.client.config.providers", "file");
        settings.put(
                "kafka.client.config.providers.file.class",
                "org.apache.kafka.common.config.provider.FileConfigProvider");
        settings.put("kafka.client.config.providers.file.param.allowed.paths", folder.toString());
        assertThat(settings.values()).noneMatch(value -> value.contains(SECRET));
        runWith(settings);
    }

    @Test
    void aWrongPasswordIsRefusedAtStartInOneSentence() throws Exception {
        assertRefused(
                secrets("canary-that-is-wrong"),
                "kafka.client: Kafka at " + broker.bootstrapServers(PROTOCOL)
                        + " rejects the login: Authentication failed: Invalid username or password");
    }

    @Test
    void aStoreThatCannotBeOpenedIsRefusedAtStartInOneSentence() throws Exception {
        Map<String, String> settings = secrets(PASSWORD);
        settings.put("kafka.client.ssl.truststore.password", "canary-that-is-wrong");
        assertRefused(
                settings,
                "kafka.bootstrap.servers or kafka.client cannot be used: Failed to load SSL keystore " + store
                        + " of type PKCS12: keystore password was incorrect");
    }

    @Test
    void aBrokerThatIsNotTrustedIsRefusedAtStartInOneSentence() throws Exception {
        Map<String, String> settings = secrets(PASSWORD);
        settings.keySet().removeIf(key -> key.startsWith("kafka.client.ssl.truststore"));
        assertRefused(settings, "rejects the login: unable to find valid certification path to requested target");
    }

    private static void runWith(Map<String, String> secrets) throws Exception {
        try (Topics topics = new Topics(broker).createAll();
                RootLog log = new RootLog()) {
            topics.send(List.of(Samples.stockRecord(1, 1_000, "T"), Samples.userRecord(1, 1_000, "u")));
            Map<String, String> settings = topics.settings();
            settings.putAll(secrets);
            int port = freePort();
            try (JobOnKafka job = new JobOnKafka(settings)
                    .with(RestOptions.BIND_PORT, String.valueOf(port))
                    .restarting(1)
                    .onTrades(trades -> trades.map(new FailsOnce(), ModelTypes.SOURCE_RECORD)
                            .uid("fails"))
                    .start(1)) {
                send(topics, 0, TRADES);
                await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") == TRADES);
                // The first trade after a checkpoint with output: the failure, and the guard's question.
                send(topics, TRADES, TRADES + 1);
                await().atMost(PATIENCE).until(() -> topics.committed("enriched-trades") == TRADES + 1);
                assertThat(FailsOnce.FAILED).isTrue();
                assertShowsNoSecret(port, job.id());
                job.stop(folder);
            }
            assertThat(topics.readAll("enriched-trades")).hasSize((int) TRADES + 1);
            assertThat(log.said()).contains("sasl.jaas.config = [hidden]").doesNotContain(SECRET);
        }
    }

    private static void assertShowsNoSecret(int port, JobID job) throws Exception {
        String ofTheJob = "/jobs/" + job;
        for (String page : List.of(
                "/config",
                "/jobmanager/config",
                "/jobmanager/environment",
                "/taskmanagers",
                ofTheJob,
                ofTheJob + "/plan",
                ofTheJob + "/accumulators",
                ofTheJob + "/checkpoints",
                ofTheJob + "/checkpoints/config")) {
            assertThat(page(port, page)).as(page).doesNotContain(SECRET);
        }
        assertThat(page(port, ofTheJob + "/exceptions"))
                .contains("fails, as the test wants")
                .doesNotContain(SECRET);
        assertThat(page(port, ofTheJob + "/config"))
                .contains("\"kafka.client.sasl.jaas.config\":\"******\"")
                .contains("\"kafka.client.ssl.keystore.password\":\"******\"")
                .doesNotContain(SECRET);
    }

    private static String page(int port, String path) throws IOException, InterruptedException {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return answer.body();
    }

    private static void assertRefused(Map<String, String> secrets, String sentence) throws Exception {
        try (Topics topics = new Topics(broker).createAll()) {
            Map<String, String> settings = topics.settings();
            settings.putAll(secrets);
            assertThatExceptionOfType(SettingsException.class)
                    .isThrownBy(() -> new JobOnKafka(settings).start(1))
                    .withMessageContaining(sentence)
                    .satisfies(refusal -> assertThat(ExceptionUtils.stringifyException(refusal))
                            .doesNotContain(SECRET));
        }
    }

    /** What the job is told to get in. */
    private static Map<String, String> secrets(String password) {
        Map<String, String> settings = new HashMap<>();
        stores().forEach((key, value) -> settings.put("kafka.client." + key, value));
        settings.put("kafka.bootstrap.servers", broker.bootstrapServers(PROTOCOL));
        settings.put("kafka.client.security.protocol", PROTOCOL);
        settings.put("kafka.client.sasl.mechanism", "PLAIN");
        settings.put(
                "kafka.client.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"job\" password=\""
                        + password + "\";");
        return settings;
    }

    /** The one store that both sides show and trust. */
    private static Map<String, String> stores() {
        Map<String, String> settings = new HashMap<>();
        for (String side : List.of("ssl.keystore.", "ssl.truststore.")) {
            settings.put(side + "location", store.toString());
            settings.put(side + "type", "PKCS12");
            settings.put(side + "password", STORE_PASSWORD);
        }
        return settings;
    }

    private static void certify(Path store) throws IOException, InterruptedException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "localhost",
                        "-keyalg",
                        "RSA",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "san=dns:localhost",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        STORE_PASSWORD)
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void send(Topics topics, long from, long to) {
        topics.send(LongStream.range(from, to)
                .mapToObj(id -> Samples.tradeRecord(id, 1, 1))
                .toList());
    }

    /** Throws at the first trade that comes after all others are in a checkpoint. */
    private static final class FailsOnce implements MapFunction<SourceRecord, SourceRecord>, CheckpointListener {
        private static final AtomicBoolean FAILED = new AtomicBoolean();
        private long passed;
        private boolean complete;

        @Override
        public SourceRecord map(SourceRecord trade) {
            if (complete && FAILED.compareAndSet(false, true)) {
                throw new IllegalStateException("fails, as the test wants");
            }
            passed++;
            return trade;
        }

        @Override
        public void notifyCheckpointComplete(long id) {
            complete = passed >= TRADES;
        }
    }
}
