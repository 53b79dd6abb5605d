package io.tradeenrichment.process;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code deploy/docker} starts the same as {@code deploy/local}: the same topics, versions and settings. */
class ComposeTest {
    private static final Path COMPOSE = Path.of("deploy", "docker", "compose.yaml");
    private static final Path DOCKERFILE = Path.of("deploy", "docker", "Dockerfile");
    private static final String SERVERS = "kafka:19092";
    /** Settings that depend on the broker's network. */
    private static final Set<String> ADDRESSES = Set.of(
            "listeners",
            "advertised.listeners",
            "listener.security.protocol.map",
            "inter.broker.listener.name",
            "controller.listener.names",
            "controller.quorum.voters");

    private final Map<String, Object> compose = yaml(COMPOSE);

    @TempDir
    private Path folder;

    @Test
    void versionsAreThoseOfTheBuild() throws IOException {
        Path pom = Path.of("pom.xml");
        assertThat(service("kafka").get("image")).isEqualTo("apache/kafka:" + property(pom, "kafka.version"));
        assertThat(service("topics").get("image")).isEqualTo(service("kafka").get("image"));
        assertThat(Files.readString(DOCKERFILE))
                .contains("\nFROM flink:" + property(pom, "flink.version") + "-java17\n");
    }

    @Test
    void theImageHasTheJarAndTheSettingsOfTheBuild() throws IOException {
        Matcher artifact = Pattern.compile("<artifactId>(.*)</artifactId>\\s*<version>(.*)</version>")
                .matcher(Files.readString(Path.of("pom.xml")));
        assertThat(artifact.find()).isTrue();
        assertThat(Files.readString(DOCKERFILE))
                .contains(" target/" + artifact.group(1) + "-" + artifact.group(2) + ".jar /opt/flink/usrlib/")
                .contains(" conf/flink.yaml /opt/flink/conf/config.yaml");
        assertThat(Path.of("deploy", "docker")
                        .resolve((String) at(compose, "services", "jobmanager", "build", "context")))
                .isDirectory()
                .satisfies(context -> assertThat(
                                context.resolve((String) at(compose, "services", "jobmanager", "build", "dockerfile")))
                        .isRegularFile());
    }

    @Test
    void checkpointsAreOnAVolumeThatAllProcessesOfTheClusterShare() throws IOException {
        Files.copy(Path.of("conf", "flink.yaml"), folder.resolve("config.yaml"));
        Configuration settings = GlobalConfiguration.loadConfiguration(folder.toString());
        String path = settings.get(CheckpointingOptions.CHECKPOINTS_DIRECTORY).replaceFirst("^file://", "");
        for (String process : List.of("jobmanager", "taskmanager")) {
            assertThat(service(process).get("volumes")).isEqualTo(List.of("checkpoints:" + path));
        }
        assertThat(compose.get("volumes")).isEqualTo(singleton("checkpoints"));
        assertThat(Files.readString(DOCKERFILE)).contains("mkdir -p " + path + " && chown flink:flink " + path);
    }

    /** The user of Flink's image could not create a folder, and the job must not run as root. */
    @Test
    void theImageIsBuiltByRootAndRunByAnotherNumericUser() throws IOException {
        List<String> steps = Files.readAllLines(DOCKERFILE).stream()
                .filter(line -> line.matches("(USER|RUN) .*"))
                .toList();
        assertThat(steps).hasSizeGreaterThan(2).startsWith("USER root");
        assertThat(steps.get(steps.size() - 1)).matches("USER [1-9][0-9]*");
        assertThat(steps.subList(1, steps.size() - 1)).allMatch(step -> step.startsWith("RUN "));
    }

    @Test
    void theBrokerHasTheSameSettings() {
        Map<String, String> settings = environment("kafka").entrySet().stream()
                .collect(toMap(
                        entry -> entry.getKey()
                                .replaceFirst("^KAFKA_", "")
                                .toLowerCase(Locale.ROOT)
                                .replace('_', '.'),
                        Map.Entry::getValue));
        assertThat(settings.keySet()).containsAll(ADDRESSES);
        settings.keySet().removeAll(ADDRESSES);
        assertThat(settings).isEqualTo(KafkaBroker.ONE_NODE);
    }

    /** Runs the script as Docker does, with a stub in place of Kafka's script. */
    @Test
    void theSameTopicsAreCreated() throws Exception {
        assertThat(service("topics").get("volumes")).isEqualTo(List.of("../topics:/topics:ro"));
        Path script = Files.writeString(folder.resolve("kafka-topics.sh"), "echo \"$@\"\n");
        Path log = folder.resolve("log");
        List<String> command = new ArrayList<>(strings(service("topics").get("entrypoint")));
        command.add(strings(service("topics").get("command"))
                .get(0)
                .replace("$$", "$")
                .replace("/opt/kafka/bin/kafka-topics.sh", "sh " + script)
                .replace(" /topics ", " " + LocalCluster.TOPICS.toAbsolutePath() + " "));
        RealProcess.run(log, command);

        List<String> expected = Topic.read(LocalCluster.TOPICS).stream()
                .map(topic -> "--bootstrap-server " + SERVERS + " --create --if-not-exists --topic " + topic.name()
                        + " --partitions " + topic.partitions()
                        + topic.settings().entrySet().stream()
                                .map(setting -> " --config " + setting.getKey() + "=" + setting.getValue())
                                .reduce("", String::concat))
                .toList();
        assertThat(Files.readAllLines(log)).isEqualTo(expected).hasSize(5);
    }

    @Test
    void theJobAndTheGeneratorHaveTheSameArguments() {
        assertThat(argumentsAfter("/opt/flink/usrlib/trade-enrichment.jar", "job"))
                .isEqualTo(LocalCluster.jobArguments(SERVERS));
        assertThat(argumentsAfter("generate", "generator")).isEqualTo(LocalCluster.generatorArguments(SERVERS));
        assertThat(argumentsAfter("tail", "tail")).isEqualTo(List.of("--kafka.bootstrap.servers", SERVERS));
        assertThat(environment("kafka").get("KAFKA_ADVERTISED_LISTENERS"))
                .isEqualTo("PLAINTEXT://" + SERVERS + ",HOST://localhost:" + LocalCluster.KAFKA_PORT);
    }

    @Test
    void thereAreAsManyProcessesOnTheSamePorts() {
        assertThat(at(compose, "services", "taskmanager", "deploy", "replicas")).isEqualTo(LocalCluster.TASK_MANAGERS);
        assertThat(service("kafka").get("ports")).isEqualTo(samePort(LocalCluster.KAFKA_PORT));
        assertThat(service("registry").get("ports")).isEqualTo(samePort(LocalCluster.REGISTRY_PORT));
        assertThat(service("jobmanager").get("ports")).isEqualTo(samePort(LocalCluster.WEB_PORT));
        for (String process : List.of("jobmanager", "taskmanager")) {
            assertThat(environment(process)).isEqualTo(Map.of("JOB_MANAGER_RPC_ADDRESS", "jobmanager"));
        }
    }

    /** Docker refuses an unknown key, an unknown service, and a dependency on a health check that does not exist. */
    @Test
    void everyKeyAndEveryReferenceIsKnown() {
        assertThat(compose.keySet()).isEqualTo(Set.of("name", "services", "volumes"));
        for (String name : services().keySet()) {
            assertThat(service(name).keySet())
                    .isSubsetOf(
                            "image",
                            "build",
                            "entrypoint",
                            "command",
                            "environment",
                            "ports",
                            "volumes",
                            "depends_on",
                            "healthcheck",
                            "deploy",
                            "profiles");
            map(service(name).getOrDefault("depends_on", Map.of())).forEach((other, how) -> {
                assertThat(services()).containsKey(other);
                Object condition = map(how).get("condition");
                assertThat(condition).isIn("service_healthy", "service_completed_successfully");
                assertThat(service(other).containsKey("healthcheck")).isEqualTo(condition.equals("service_healthy"));
            });
        }
    }

    private List<String> argumentsAfter(String word, String service) {
        List<String> command = strings(service(service).get("command"));
        assertThat(command).contains(word);
        return command.subList(command.indexOf(word) + 1, command.size());
    }

    private static List<String> samePort(int port) {
        return List.of(port + ":" + port);
    }

    private Map<String, Object> services() {
        return map(compose.get("services"));
    }

    private Map<String, Object> service(String name) {
        return map(services().get(name));
    }

    private Map<String, String> environment(String service) {
        Map<String, String> environment = new TreeMap<>();
        map(service(service).get("environment")).forEach((key, value) -> environment.put(key, (String) value));
        return environment;
    }

    private static Object at(Object yaml, String... path) {
        Object value = yaml;
        for (String key : path) {
            value = map(value).get(key);
        }
        return value;
    }

    private static Map<String, Object> singleton(String key) {
        Map<String, Object> map = new TreeMap<>();
        map.put(key, null);
        return map;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    private static List<String> strings(Object value) {
        return (List<String>) value;
    }

    private static String property(Path pom, String name) throws IOException {
        Matcher value = Pattern.compile("<" + Pattern.quote(name) + ">(.*)</").matcher(Files.readString(pom));
        assertThat(value.find()).as(name).isTrue();
        return value.group(1);
    }

    private static Map<String, Object> yaml(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return map(new Load(LoadSettings.builder().build()).loadFromInputStream(in));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
