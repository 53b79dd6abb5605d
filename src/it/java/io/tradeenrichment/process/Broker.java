package io.tradeenrichment.process;

import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;

/**
 * A running Kafka broker for the tests of a class, with clients of it. The broker ends with the class, a shared one with
 * the test run. Its folder under {@code target/kafka}, logs included, is kept if a test failed.
 */
public final class Broker implements BeforeAllCallback, AfterEachCallback, AfterAllCallback, AutoCloseable {
    private static final Namespace NAMESPACE = Namespace.create(Broker.class);
    /** Three partitions for a topic that is created without a number; timed-out transactions are aborted at once. */
    private static final Map<String, String> SHARED_SETTINGS =
            Map.of("num.partitions", "3", "transaction.abort.timed.out.transaction.cleanup.interval.ms", "200");

    private final boolean shared;
    private final Callable<Map<String, String>> settings;
    private final String[] protocols;
    private Running running;

    private Broker(boolean shared, Callable<Map<String, String>> settings, String... protocols) {
        this.shared = shared;
        this.settings = settings;
        this.protocols = protocols;
    }

    /** One broker for all classes that neither stop it nor need settings of their own. */
    public static Broker shared() {
        return new Broker(true, () -> SHARED_SETTINGS);
    }

    /** A broker for one class, whose tests may kill it. */
    public static Broker own() {
        return own(Map::of);
    }

    /**
     * @param settings evaluated just before the start, see {@link KafkaBroker#start(Map, String...)}
     * @param protocols that the broker listens with beside {@code PLAINTEXT}
     */
    public static Broker own(Callable<Map<String, String>> settings, String... protocols) {
        return new Broker(false, settings, protocols);
    }

    /** A running broker outside a test class; the caller closes it. */
    public static Broker start() throws Exception {
        Broker broker = own();
        broker.running = broker.startProcess();
        return broker;
    }

    /** A process and an admin client of it. */
    private static final class Running implements AutoCloseable {
        private final KafkaBroker process;
        private final Admin admin;
        private boolean keepsFolder;

        Running(KafkaBroker process) {
            this.process = process;
            admin = Admin.create(client(process.bootstrapServers()));
        }

        @Override
        public void close() throws Exception {
            // Requests to a broker that a test has killed would be waited for.
            admin.close(Duration.ZERO);
            process.close();
            if (!keepsFolder) {
                process.deleteFolder();
            }
        }
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        running = shared
                ? context.getRoot()
                        .getStore(NAMESPACE)
                        .getOrComputeIfAbsent("shared", key -> startUnchecked(), Running.class)
                : startProcess();
    }

    private Running startProcess() throws Exception {
        return new Running(KafkaBroker.start(settings.call(), protocols));
    }

    private Running startUnchecked() {
        try {
            return startProcess();
        } catch (Exception e) {
            throw new IllegalStateException("the shared broker did not start", e);
        }
    }

    @Override
    public void afterEach(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            running.keepsFolder = true;
            System.out.println(context.getDisplayName() + " failed; the broker's log is " + running.process.log());
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (!shared) {
            close();
        }
    }

    @Override
    public void close() throws Exception {
        running.close();
    }

    public String bootstrapServers() {
        return running.process.bootstrapServers();
    }

    public String bootstrapServers(String protocol) {
        return running.process.bootstrapServers(protocol);
    }

    /** One client for all tests; nothing has to close it. */
    public Admin admin() {
        return running.admin;
    }

    /** @param more properties beside the addresses and the serializers */
    public KafkaProducer<byte[], byte[]> producer(Map<String, String> more) {
        Properties properties = client(bootstrapServers());
        properties.putAll(more);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** @param more properties beside the addresses and the deserializers */
    public KafkaConsumer<byte[], byte[]> consumer(Map<String, String> more) {
        Properties properties = client(bootstrapServers());
        properties.putAll(more);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** Kills the process. What the broker had acknowledged is in its folder. */
    public void kill() throws InterruptedException {
        ownProcess().kill();
    }

    /** Starts the killed broker again on the same ports, and returns when it answers. */
    public void restart() throws Exception {
        ownProcess().restart();
    }

    private KafkaBroker ownProcess() {
        if (shared) {
            throw new IllegalStateException("other classes use this broker too; take one of your own");
        }
        return running.process;
    }

    private static Properties client(String servers) {
        Properties properties = new Properties();
        properties.put("bootstrap.servers", servers);
        return properties;
    }
}
