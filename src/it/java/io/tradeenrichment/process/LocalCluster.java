package io.tradeenrichment.process;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.core.ConditionTimeoutException;

/**
 * The processes of {@code deploy/local/up}: a broker, a registry, a Flink cluster with the job, and a generator of trades.
 * They keep running after this JVM exits, until {@code deploy/local/down}.
 */
public final class LocalCluster {
    static final Path TOPICS = Path.of("deploy", "topics");
    static final int KAFKA_PORT = 9092;
    static final int REGISTRY_PORT = 8080;
    static final int WEB_PORT = 8081;
    static final int STANDBY_WEB_PORT = 8082;
    static final int ZOOKEEPER_PORT = 2181;
    /** The port of the JobManager; the TaskManagers and then the standby JobManager have the next ones. */
    static final int METRICS_PORT = 9249;

    static final int TASK_MANAGERS = 2;
    static final int TRADES_PER_SECOND = 100;

    private static final Path FOLDER = Path.of("target", "local");

    private static final String HIGHLY_AVAILABLE = "--ha";

    private final Path jar;
    private final boolean highlyAvailable;
    private final Map<String, String> environment;
    private final PrintStream out;

    private LocalCluster(Path jar, boolean highlyAvailable, Map<String, String> environment, PrintStream out) {
        this.jar = jar;
        this.highlyAvailable = highlyAvailable;
        this.environment = environment;
        this.out = out;
    }

    /** @param args the job's jar, and optionally {@code --ha} for a standby JobManager */
    public static void main(String[] args) throws Exception {
        try {
            new LocalCluster(Path.of(args[0]), List.of(args).contains(HIGHLY_AVAILABLE), System.getenv(), System.out)
                    .start();
        } catch (IOException | IllegalStateException | ConditionTimeoutException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        }
    }

    private void start() throws Exception {
        int kafkaPort = port("KAFKA_PORT", KAFKA_PORT);
        int registryPort = port("REGISTRY_PORT", REGISTRY_PORT);
        int webPort = port("WEB_PORT", WEB_PORT);
        int metricsPort = port("METRICS_PORT", METRICS_PORT);
        int standbyWebPort = highlyAvailable ? port("STANDBY_WEB_PORT", STANDBY_WEB_PORT) : 0;
        int zooKeeperPort = highlyAvailable ? port("ZOOKEEPER_PORT", ZOOKEEPER_PORT) : 0;

        KafkaBroker broker = KafkaBroker.start(folder("kafka"), Map.of("PLAINTEXT", kafkaPort), Map.of());
        print("Kafka", broker.bootstrapServers(), "kafka/broker.log");
        List<Topic> topics = Topic.read(TOPICS);
        create(topics, broker);
        topics.forEach(topic -> out.println("  topic " + topic));

        SchemaRegistry registry = SchemaRegistry.start(folder("registry"), registryPort);
        print("Registry", registry.url(), "registry/registry.log");

        Map<String, String> settings = new HashMap<>(Map.of(
                RestOptions.PORT.key(),
                String.valueOf(webPort),
                JobManagerOptions.PORT.key(),
                String.valueOf(Ports.free()),
                FlinkCluster.METRICS_PORT,
                String.valueOf(metricsPort)));
        if (highlyAvailable) {
            ZooKeeper zooKeeper = ZooKeeper.start(folder("zookeeper"), zooKeeperPort);
            print("ZooKeeper", zooKeeper.address(), "zookeeper/zookeeper.log");
            settings.putAll(zooKeeper.highAvailability());
        }
        FlinkCluster cluster =
                FlinkCluster.start(folder("flink"), FlinkDistribution.usualVersion(), TASK_MANAGERS, settings);
        print("Flink", cluster.rest().url(), "flink/jobmanager.log, flink/taskmanager-*.log");
        if (highlyAvailable) {
            cluster.startJobManager(standbyWebPort);
            cluster.awaitJobManagers();
            print("Standby", "http://localhost:" + standbyWebPort, "flink/jobmanager-2.log");
        }

        submit(cluster.rest().url(), broker.bootstrapServers());
        FlinkJob job = cluster.firstJob();
        print("Job", job.id() + ", running, exactly once", "submit.log");

        List<String> generate = new ArrayList<>(
                List.of(Path.of("deploy", "generate").toAbsolutePath().toString()));
        generate.addAll(generatorArguments(broker.bootstrapServers()));
        RealProcess generator = folder("generator").start("generator", Map.of(), generate);
        generator.awaitReady(() -> job.totals().getOrDefault("enriched", 0L) > 0);
        print("Generator", TRADES_PER_SECOND + " trades a second", "generator/generator.out");
    }

    /** Submits with {@code deploy/submit}, so that the other deploy commands find its record. */
    private void submit(String url, String servers) throws IOException, InterruptedException {
        List<String> submit = new ArrayList<>(List.of(
                Path.of("deploy", "submit").toAbsolutePath().toString(),
                "--cluster.url",
                url,
                "--jar",
                jar.toString(),
                // The state of an earlier local cluster was deleted with it.
                "--fresh",
                "true",
                "--verify.for",
                "1 s",
                "--"));
        submit.addAll(jobArguments(servers));
        RealProcess.run(FOLDER.resolve("submit.log"), Map.of(), submit);
    }

    static List<String> jobArguments(String servers) {
        return List.of(
                "--kafka.bootstrap.servers", servers, "--kafka.transactional-id-prefix", "local.trade-enrichment.");
    }

    static List<String> generatorArguments(String servers) {
        return List.of("--kafka.bootstrap.servers", servers, "--generate.rate", String.valueOf(TRADES_PER_SECOND));
    }

    private static void create(List<Topic> topics, KafkaBroker broker) throws Exception {
        Properties client = new Properties();
        client.put("bootstrap.servers", broker.bootstrapServers());
        try (Admin admin = Admin.create(client)) {
            admin.createTopics(topics.stream().map(Topic::onOneBroker).toList())
                    .all()
                    .get();
        }
    }

    /** The port in the environment variable, which {@code deploy/local/up} has checked, or the default. */
    private int port(String name, int defaultPort) throws IOException {
        int port = Integer.parseInt(environment.getOrDefault(name, String.valueOf(defaultPort)));
        if (!Ports.isFree(port)) {
            throw new IOException(
                    "Port " + port + " is taken by another process: end that one, or choose another port, as in " + name
                            + "=" + (port + 10_000) + " deploy/local/up");
        }
        return port;
    }

    private static ProcessFolder folder(String server) {
        return ProcessFolder.lasting(FOLDER.resolve(server));
    }

    private void print(String what, String where, String log) {
        out.printf("%-10s %-40s log: %s/%s%n", what, where, FOLDER, log);
    }
}
