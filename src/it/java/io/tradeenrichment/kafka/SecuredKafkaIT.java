package io.tradeenrichment.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tradeenrichment.JobOnKafka;
import io.tradeenrichment.Topics;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.process.Broker;
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
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.util.ExceptionUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * The job with a broker that requires a password and a certificate of every client, including the client that looks up
 * transaction outcomes. No log line, REST response or error message contains a secret.
 */
class SecuredKafkaIT {
    private static final String PROTOCOL = "SASL_SSL";
    private static final String PASSWORD = "canary-of-the-user";
    private static final String STORE_PASSWORD = "canary-of-the-store";
    private static final String SECRET = "canary";
    private static final long TRADES = 500;
    private static final Duration TIMEOUT = Duration.ofSeconds(60);

    @TempDir
    private static Path folder;

    @RegisterExtension
    static final Broker KAFKA = Broker.own(SecuredKafkaIT::brokerSettings, PROTOCOL);

    private static Path store;

    private static Map<String, String> brokerSettings() throws Exception {
        store = folder.resolve("store.p12");
        createStore(store);
        String listener = "listener.name." + PROTOCOL.toLowerCase(Locale.ROOT) + ".";
        Map<String, String> settings = new HashMap<>();
        stores().forEach((key, value) -> settings.put(listener + key, value));
        settings.put(listener + "ssl.client.auth", "required");
        settings.put(listener + "sasl.enabled.mechanisms", "PLAIN");
        settings.put(
                listener + "plain.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required user_job=\"" + PASSWORD + "\";");
        return settings;
    }

    @BeforeEach
    void resetFailure() {
        FailsOnce.FAILED.set(false);
    }

    @Test
    void everyClientConnectsAndNoSecretIsShown() throws Exception {
        runWith(secrets(PASSWORD));
    }

    @Test
    void secretsCanBeInAFileThatOnlyKafkaClientsRead() throws Exception {
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
    void aWrongPasswordFailsTheStartWithOneSentence() throws Exception {
        assertRefused(
                secrets("canary-that-is-wrong"),
                "kafka.client: Kafka at " + KAFKA.bootstrapServers(PROTOCOL)
                        + " rejects the login: Authentication failed: Invalid username or password");
    }

    @Test
    void anUnreadableStoreFailsTheStartWithOneSentence() throws Exception {
        Map<String, String> settings = secrets(PASSWORD);
        settings.put("kafka.client.ssl.truststore.password", "canary-that-is-wrong");
        assertRefused(
                settings,
                "kafka.bootstrap.servers or kafka.client cannot be used: Failed to load SSL keystore " + store
                        + " of type PKCS12: keystore password was incorrect");
    }

    @Test
    void anUntrustedBrokerFailsTheStartWithOneSentence() throws Exception {
        Map<String, String> settings = secrets(PASSWORD);
        settings.keySet().removeIf(key -> key.startsWith("kafka.client.ssl.truststore"));
        assertRefused(settings, "rejects the login: unable to find valid certification path to requested target");
    }

    private static void runWith(Map<String, String> secrets) throws Exception {
        try (Topics topics = new Topics(KAFKA).createAll();
                CapturedLog log = new CapturedLog()) {
            topics.sendRows();
            Map<String, String> settings = topics.settings();
            settings.putAll(secrets);
            int port = freePort();
            try (JobOnKafka job = new JobOnKafka(settings)
                    .with(RestOptions.BIND_PORT, String.valueOf(port))
                    .restarting(1)
                    .transformTrades(trades -> trades.map(new FailsOnce(), ModelTypes.SOURCE_RECORD)
                            .uid("fails"))
                    .start(1)) {
                topics.sendTrades(0, TRADES);
                topics.awaitEnriched(TRADES);
                // The first trade after a checkpoint with output: the job fails and looks up a transaction outcome.
                topics.sendTrades(TRADES, TRADES + 1);
                topics.awaitEnriched(TRADES + 1);
                assertThat(FailsOnce.FAILED).isTrue();
                assertShowsNoSecret(port, job.id());
                job.stop(folder);
            }
            assertThat(topics.readAll("enriched-trades")).hasSize((int) TRADES + 1);
            assertThat(log.text()).contains("sasl.jaas.config = [hidden]").doesNotContain(SECRET);
        }
    }

    private static void assertShowsNoSecret(int port, JobID job) throws Exception {
        String jobPath = "/jobs/" + job;
        for (String page : List.of(
                "/config",
                "/jobmanager/config",
                "/jobmanager/environment",
                "/taskmanagers",
                jobPath,
                jobPath + "/plan",
                jobPath + "/accumulators",
                jobPath + "/checkpoints",
                jobPath + "/checkpoints/config")) {
            assertThat(page(port, page)).as(page).doesNotContain(SECRET);
        }
        assertThat(page(port, jobPath + "/exceptions"))
                .contains("the failure of the test")
                .doesNotContain(SECRET);
        assertThat(page(port, jobPath + "/config"))
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
        try (Topics topics = new Topics(KAFKA).createAll()) {
            Map<String, String> settings = topics.settings();
            settings.putAll(secrets);
            assertThatExceptionOfType(SettingsException.class)
                    .isThrownBy(() -> new JobOnKafka(settings).start(1))
                    .withMessageContaining(sentence)
                    .satisfies(refusal -> assertThat(ExceptionUtils.stringifyException(refusal))
                            .doesNotContain(SECRET));
        }
    }

    /** Settings that authenticate the job. */
    private static Map<String, String> secrets(String password) {
        Map<String, String> settings = new HashMap<>();
        stores().forEach((key, value) -> settings.put("kafka.client." + key, value));
        settings.put("kafka.bootstrap.servers", KAFKA.bootstrapServers(PROTOCOL));
        settings.put("kafka.client.security.protocol", PROTOCOL);
        settings.put("kafka.client.sasl.mechanism", "PLAIN");
        settings.put(
                "kafka.client.sasl.jaas.config",
                "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"job\" password=\""
                        + password + "\";");
        return settings;
    }

    /** The one store that is keystore and truststore of both sides. */
    private static Map<String, String> stores() {
        Map<String, String> settings = new HashMap<>();
        for (String side : List.of("ssl.keystore.", "ssl.truststore.")) {
            settings.put(side + "location", store.toString());
            settings.put(side + "type", "PKCS12");
            settings.put(side + "password", STORE_PASSWORD);
        }
        return settings;
    }

    private static void createStore(Path store) throws IOException, InterruptedException {
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
        String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(output).isZero();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Throws once, at the first trade after a checkpoint that covers {@link #TRADES} trades. */
    private static final class FailsOnce implements MapFunction<SourceRecord, SourceRecord>, CheckpointListener {
        private static final AtomicBoolean FAILED = new AtomicBoolean();
        private long passed;
        private boolean complete;

        @Override
        public SourceRecord map(SourceRecord trade) {
            if (complete && FAILED.compareAndSet(false, true)) {
                throw new IllegalStateException("the failure of the test");
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
