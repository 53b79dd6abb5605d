package io.tradeenrichment.process;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/**
 * A Kafka broker of one node, as a process of its own: it can be killed and brought back, and its class path is apart.
 * Its jars stand where the build has put them, in {@code target/kafka/lib}.
 */
public final class KafkaBroker implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final int port;
    private final int controllerPort;
    private RealProcess process;

    private KafkaBroker(Path folder, int port, int controllerPort) {
        this.folder = folder;
        this.port = port;
        this.controllerPort = controllerPort;
    }

    /** Starts a broker with a new folder, on free ports, and returns when it answers. */
    public static KafkaBroker start() throws Exception {
        return start(Map.of());
    }

    /** @param settings of the broker, beside those that make it run as one node */
    public static KafkaBroker start(Map<String, String> settings) throws Exception {
        Path folder = Files.createDirectories(
                Path.of("target", "kafka", UUID.randomUUID().toString()));
        KafkaBroker broker = new KafkaBroker(folder, RealProcess.freePort(), RealProcess.freePort());
        broker.configure(settings);
        RealProcess.run(
                broker.folder.resolve("format.log"),
                List.of(
                        RealProcess.java(),
                        "-cp",
                        classPath(),
                        "kafka.tools.StorageTool",
                        "format",
                        "-t",
                        Uuid.randomUuid().toString(),
                        "-c",
                        broker.settings().toString()));
        broker.restart();
        return broker;
    }

    public String bootstrapServers() {
        return "localhost:" + port;
    }

    /** Ends the broker as a loss of power would. What it had acknowledged is in its folder. */
    public void kill() throws InterruptedException {
        process.close();
    }

    /** Ends the broker in good order. */
    public void stop() throws InterruptedException {
        process.stop();
        process.close();
    }

    /** Starts the broker with what its folder holds, and returns when it answers. */
    public void restart() throws Exception {
        process = RealProcess.start(
                folder.resolve("broker.log"),
                Map.of(),
                List.of(
                        RealProcess.java(),
                        "-Xmx512m",
                        "-cp",
                        classPath(),
                        "-Dlog4j2.configurationFile=" + folder.resolve("log4j2.properties"),
                        "kafka.Kafka",
                        settings().toString()));
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).until(this::answers);
    }

    private boolean answers() throws IOException, InterruptedException {
        if (!process.isAlive()) {
            throw new IOException("the broker ended; it said: " + process.said());
        }
        Properties client = new Properties();
        client.put("bootstrap.servers", bootstrapServers());
        client.put("request.timeout.ms", "2000");
        client.put("default.api.timeout.ms", "2000");
        try (Admin admin = Admin.create(client)) {
            return !admin.describeCluster().nodes().get(2, TimeUnit.SECONDS).isEmpty();
        } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
            return false;
        }
    }

    private void configure(Map<String, String> more) throws IOException {
        Map<String, String> settings = new TreeMap<>(Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", "1"),
                Map.entry("controller.quorum.voters", "1@localhost:" + controllerPort),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("listeners", "PLAINTEXT://localhost:" + port + ",CONTROLLER://localhost:" + controllerPort),
                Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                Map.entry("log.dirs", folder.resolve("data").toAbsolutePath().toString()),
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "4"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("transaction.state.log.num.partitions", "4"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("log.cleaner.backoff.ms", "200"),
                Map.entry("log.initial.task.delay.ms", "100")));
        settings.putAll(more);
        StringBuilder file = new StringBuilder();
        settings.forEach(
                (key, value) -> file.append(key).append('=').append(value).append('\n'));
        Files.writeString(settings(), file);
        Files.writeString(folder.resolve("log4j2.properties"), """
                rootLogger.level = INFO
                rootLogger.appenderRef.console.ref = console
                appender.console.type = Console
                appender.console.name = console
                appender.console.layout.type = PatternLayout
                appender.console.layout.pattern = %d{HH:mm:ss,SSS} %-5p %c{1} - %m%n
                """);
    }

    private Path settings() {
        return folder.resolve("server.properties");
    }

    private static String classPath() {
        Path lib = Path.of(System.getProperty("kafka.lib", "target/kafka/lib"));
        if (!Files.isDirectory(lib)) {
            throw new IllegalStateException(
                    "no broker in " + lib + "; run mvn -f deploy/local/kafka/pom.xml package first");
        }
        return lib + File.separator + "*";
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
    }
}
