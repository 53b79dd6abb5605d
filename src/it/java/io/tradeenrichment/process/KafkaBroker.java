package io.tradeenrichment.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/**
 * A Kafka broker of one node, as a process that can be killed and restarted. The build puts its jars into
 * {@code target/kafka/lib}.
 */
public final class KafkaBroker implements AutoCloseable {
    private static final String PLAINTEXT = "PLAINTEXT";
    private static final String CONTROLLER = "CONTROLLER";

    /** Settings for one node without delays, whatever its listeners. */
    static final Map<String, String> ONE_NODE = Map.ofEntries(
            Map.entry("process.roles", "broker,controller"),
            Map.entry("node.id", "1"),
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
            Map.entry("log.initial.task.delay.ms", "100"));

    private final ProcessFolder folder;
    private final Map<String, Integer> ports;
    private RealProcess process;

    private KafkaBroker(ProcessFolder folder, Map<String, Integer> ports) {
        this.folder = folder;
        this.ports = ports;
    }

    /** Starts a broker with a new folder, on free ports, and returns when it answers. */
    public static KafkaBroker start() throws Exception {
        return start(Map.of());
    }

    /**
     * @param settings of the broker, added to {@link #ONE_NODE}
     * @param protocols of further listeners beside {@code PLAINTEXT}: {@code SSL}, {@code SASL_PLAINTEXT},
     *     {@code SASL_SSL}. A listener has the name of its protocol, so its settings begin with, for example,
     *     {@code listener.name.sasl_ssl.}
     */
    public static KafkaBroker start(Map<String, String> settings, String... protocols) throws Exception {
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put(PLAINTEXT, Ports.free());
        for (String protocol : protocols) {
            ports.put(protocol, Ports.free());
        }
        return start(ProcessFolder.ofTest("kafka"), ports, settings);
    }

    /**
     * @param folder an empty one
     * @param ports by protocol; {@code PLAINTEXT} is required
     */
    static KafkaBroker start(ProcessFolder folder, Map<String, Integer> ports, Map<String, String> settings)
            throws Exception {
        KafkaBroker broker = new KafkaBroker(folder, ports);
        broker.configure(settings);
        broker.format();
        broker.restart();
        return broker;
    }

    public String bootstrapServers() {
        return bootstrapServers(PLAINTEXT);
    }

    public String bootstrapServers(String protocol) {
        return "localhost:" + ports.get(protocol);
    }

    /** Kills the process. What the broker had acknowledged is in its folder. */
    public void kill() throws InterruptedException {
        process.close();
    }

    /** Shuts the broker down. */
    public void stop() throws InterruptedException {
        process.stop();
        process.close();
    }

    /** Starts the broker with the contents of its folder, and returns when it answers. */
    public void restart() throws Exception {
        process = folder.start("broker", Map.of(), command());
        process.awaitReady(this::answers);
    }

    Path log() {
        return folder.log("broker");
    }

    /** Deletes all that the broker has written, its log too. */
    void deleteFolder() throws IOException {
        folder.delete();
    }

    private List<String> command() throws IOException {
        List<String> command = new ArrayList<>(List.of(RealProcess.java(), "-Xmx512m", "-cp", classPath()));
        command.addAll(folder.logging("broker"));
        command.addAll(List.of("kafka.Kafka", settings()));
        return command;
    }

    private boolean answers() throws InterruptedException {
        Properties client = new Properties();
        client.put("bootstrap.servers", bootstrapServers());
        client.put("request.timeout.ms", "2000");
        client.put("default.api.timeout.ms", "2000");
        try (Admin admin = Admin.create(client)) {
            return !admin.describeCluster().nodes().get(2, TimeUnit.SECONDS).isEmpty();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private void format() throws IOException, InterruptedException {
        RealProcess.run(
                folder.log("format"),
                List.of(
                        RealProcess.java(),
                        "-cp",
                        classPath(),
                        "kafka.tools.StorageTool",
                        "format",
                        "-t",
                        Uuid.randomUuid().toString(),
                        "-c",
                        settings()));
    }

    private void configure(Map<String, String> more) throws IOException {
        Map<String, Integer> listeners = new LinkedHashMap<>(ports);
        listeners.put(CONTROLLER, Ports.free());
        Map<String, String> settings = new TreeMap<>(ONE_NODE);
        settings.put("inter.broker.listener.name", PLAINTEXT);
        settings.put("controller.listener.names", CONTROLLER);
        settings.put("controller.quorum.voters", "1@localhost:" + listeners.get(CONTROLLER));
        settings.put("listeners", joined(listeners, "%s://localhost:%d"));
        settings.put("listener.security.protocol.map", joined(ports, "%1$s:%1$s") + ",CONTROLLER:PLAINTEXT");
        settings.put("log.dirs", folder.file("data").toString());
        settings.putAll(more);
        Properties file = new Properties();
        file.putAll(settings);
        try (var writer = Files.newBufferedWriter(Path.of(settings()))) {
            file.store(writer, null);
        }
    }

    private static String joined(Map<String, Integer> listeners, String format) {
        return listeners.entrySet().stream()
                .map(listener -> String.format(format, listener.getKey(), listener.getValue()))
                .collect(Collectors.joining(","));
    }

    private String settings() {
        return folder.file("server.properties").toString();
    }

    private static String classPath() {
        Path lib = Path.of(System.getProperty("kafka.lib", "target/kafka/lib"));
        if (!Files.isDirectory(lib)) {
            throw new IllegalStateException("no broker in " + lib + "; run mvn -f deploy/local/pom.xml package first");
        }
        return lib + File.separator + "*";
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
    }
}
