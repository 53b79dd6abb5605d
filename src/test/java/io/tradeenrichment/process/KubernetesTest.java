package io.tradeenrichment.process;

import static org.apache.flink.configuration.ConfigOptions.key;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.tradeenrichment.TradeEnrichmentJob;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.kafka.client.KafkaOptions;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** {@code deploy/kubernetes} is consistent with the operator's schema, with the job's settings and in itself. */
class KubernetesTest {
    private static final Path FOLDER = Path.of("deploy", "kubernetes");
    private static final String SCHEMA = "/META-INF/fabric8/flinkdeployments.flink.apache.org-v1.yml";
    private static final String CONTAINER = "flink-main-container";
    /** Options of flink-kubernetes and of the operator, which are not on the class path; taken from their documentation. */
    private static final List<ConfigOption<?>> OF_KUBERNETES = List.of(
            key("kubernetes.taskmanager.service-account").stringType().noDefaultValue(),
            key("kubernetes.operator.cluster.health-check.enabled")
                    .booleanType()
                    .noDefaultValue(),
            key("kubernetes.operator.savepoint.history.max.count").intType().noDefaultValue(),
            key("kubernetes.operator.savepoint.history.max.age").durationType().noDefaultValue());

    private static final String TASK_MANAGER_ACCOUNT = "kubernetes.taskmanager.service-account";
    /** Keys that differ from {@code conf/flink.yaml}: addresses, folders, ports, and sizes that the operator derives. */
    private static final Set<String> OF_THE_PLACE = Set.of(
            "env.java.opts.all",
            "execution.checkpointing.dir",
            "execution.checkpointing.savepoint-dir",
            "jobmanager.memory.process.size",
            "taskmanager.memory.process.size",
            "parallelism.default",
            "web.submit.enable",
            "web.cancel.enable");

    private static final ObjectMapper JSON = new ObjectMapper();
    private static JsonNode deployment;

    @TempDir
    private Path folder;

    @BeforeAll
    static void read() throws IOException {
        deployment = documents("flinkdeployment.yaml").get(0);
    }

    @Test
    void theDeploymentFitsTheOperatorsSchema() throws IOException {
        assertThat(problems(deployment)).isEmpty();
    }

    /** Kubernetes silently drops unknown keys; this test must find them. */
    @Test
    void aMistypedKeyIsFound() throws IOException {
        ObjectNode mistyped = deployment.deepCopy();
        ((ObjectNode) mistyped.at("/spec/job")).put("upgradeMod", "savepoint");
        ((ObjectNode) mistyped.at("/spec/podTemplate/spec/containers/0")).put("imagePullPolice", "Always");
        ((ObjectNode) mistyped.at("/spec/taskManager/resource")).put("cpu", "two");

        assertThat(problems(mistyped)).hasSize(3);
    }

    @Test
    void everyFlinkKeyIsKnownAndEveryValueHasItsType() throws Exception {
        Configuration settings = new Configuration();
        flinkConfiguration().forEach(settings::setString);
        Map<String, ConfigOption<?>> options = FlinkSettingsTest.options();
        OF_KUBERNETES.forEach(option -> options.put(option.key(), option));
        assertThat(settings.keySet()).allSatisfy(key -> {
            if (!key.startsWith(FlinkSettingsTest.REPORTER)) {
                assertThat(options.keySet()).contains(key);
                assertThat(settings.get(options.get(key))).isNotNull();
            }
        });
    }

    @Test
    void allOtherFlinkSettingsAreThoseOfConfFlinkYaml() throws IOException {
        Files.copy(Path.of("conf", "flink.yaml"), folder.resolve("config.yaml"));
        Map<String, String> expected =
                GlobalConfiguration.loadConfiguration(folder.toString()).toMap();
        expected.keySet().removeAll(OF_THE_PLACE);
        assertThat(flinkConfiguration()).containsAllEntriesOf(expected);
    }

    @Test
    void theJobAcceptsItsSettings() throws IOException {
        JsonNode settings = documents("settings.yaml").get(0);
        String name = deployment.at("/spec/job/args/1").asText();
        JsonNode text = settings.at("/data").get(Path.of(name).getFileName().toString());
        Path file = Files.writeString(folder.resolve("job.yaml"), text.asText());
        CommandDescription program = new CommandDescription(
                "job",
                "",
                Stream.of(JobOptions.groups(), KafkaOptions.groups())
                        .flatMap(List::stream)
                        .toList(),
                List.of());
        Settings given =
                Settings.read(program, deployment.at("/spec/job/args/0").asText(), file.toString());

        assertThat(given.bind(JobConfig::from)).isNotNull();
        KafkaConfig kafka = given.bind(KafkaConfig::from);
        assertThat(kafka.connection().bootstrapServers()).isEqualTo("kafka:9093");
        // What waits in transactions would be lost sooner than a JobManager gives Kafka up.
        assertThat(kafka.connection().checkTimeout()).isGreaterThan(kafka.sink().transactionTimeout());
        assertThat(mounts()).containsKey(Path.of(name).getParent().toString());
    }

    /** A missing secret fails in Kubernetes with a clearer message than a missing file in main. */
    @Test
    void everyFileOfTheSettingsIsOnARequiredMount() throws IOException {
        assertThat(documents("settings.yaml").get(0).at("/data/job.yaml").asText())
                .contains("${file:/etc/secrets/");
        assertThat(mounts()).containsKey("/etc/secrets");
        assertThat(volume(mounts().get("/etc/secrets")).at("/secret").has("optional"))
                .isFalse();
    }

    @Test
    void everyReferencedObjectExists() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String file : List.of("settings.yaml", "access.yaml")) {
            for (JsonNode document : documents(file)) {
                names.add(document.get("kind").asText() + " "
                        + document.at("/metadata/name").asText());
            }
        }
        assertThat(names)
                .contains(
                        "ConfigMap " + volume("settings").at("/configMap/name").asText(),
                        "ServiceAccount "
                                + deployment.at("/spec/serviceAccount").asText(),
                        "ServiceAccount " + flinkConfiguration().get(TASK_MANAGER_ACCOUNT),
                        "Namespace " + deployment.at("/metadata/namespace").asText());
        assertThat(deployment.at("/spec/job/entryClass").asText()).isEqualTo(TradeEnrichmentJob.class.getName());
        assertThat(Files.readString(Path.of("deploy", "docker", "Dockerfile")))
                .contains(deployment.at("/spec/job/jarURI").asText().replace("local://", ""));
        assertThat(mounts().values())
                .allSatisfy(name -> assertThat(volume(name).isMissingNode()).isFalse());
        for (String role : List.of("jobManager", "taskManager")) {
            assertThat(deployment
                            .at("/spec/" + role + "/podTemplate/spec/containers/0/name")
                            .asText())
                    .isEqualTo(CONTAINER);
        }
    }

    /** Each account has a role of the same name; that of the TaskManagers can only read the leader's address. */
    @Test
    void eachAccountIsBoundToItsRole() throws IOException {
        Map<String, JsonNode> access = new TreeMap<>();
        for (JsonNode document : documents("access.yaml")) {
            access.put(
                    document.get("kind").asText() + " "
                            + document.at("/metadata/name").asText(),
                    document);
        }
        String reading = flinkConfiguration().get(TASK_MANAGER_ACCOUNT);
        for (String account : List.of(deployment.at("/spec/serviceAccount").asText(), reading)) {
            assertThat(access).containsKeys("ServiceAccount " + account, "Role " + account);
            JsonNode binding = access.get("RoleBinding " + account);
            assertThat(binding.at("/roleRef/name").asText()).isEqualTo(account);
            assertThat(binding.at("/subjects").findValuesAsText("name")).containsExactly(account);
        }
        JsonNode rules = access.get("Role " + reading).get("rules");
        assertThat(rules).hasSize(1);
        assertThat(texts(rules.at("/0/resources"))).containsExactly("configmaps");
        assertThat(texts(rules.at("/0/verbs"))).containsExactly("get", "list", "watch");
    }

    @Test
    void thePodsRunAsTheUserOfTheImage() throws IOException {
        assertThat(Files.readString(Path.of("deploy", "docker", "Dockerfile")))
                .endsWith("USER "
                        + deployment
                                .at("/spec/podTemplate/spec/securityContext/runAsUser")
                                .asText() + "\n");
    }

    /** The root file system is read-only. */
    @Test
    void theFoldersThatFlinkWritesToAreMounted() {
        Map<String, String> flink = flinkConfiguration();
        assertThat(mounts())
                .containsKeys(flink.get("io.tmp.dirs"), flink.get("state.backend.rocksdb.localdir"), "/opt/flink/log");
    }

    @Test
    void networkPoliciesAllowOnlyTheNamedPorts() throws IOException {
        JsonNode policy = documents("network.yaml").get(0);
        Map<String, String> flink = flinkConfiguration();
        assertThat(policy.at("/spec/podSelector/matchLabels"))
                .isEqualTo(deployment.at("/spec/podTemplate/metadata/labels"));
        assertThat(texts(policy.at("/spec/policyTypes"))).containsExactly("Ingress", "Egress");
        assertThat(policy.at("/spec/ingress/0/ports").findValuesAsText("port"))
                .containsExactlyInAnyOrder(
                        flink.get("taskmanager.data.port"),
                        flink.get("taskmanager.rpc.port"),
                        flink.get("high-availability.jobmanager.port"),
                        flink.get("blob.server.port"),
                        flink.get("metrics.internal.query-service.port"),
                        "8081");
        assertThat(policy.at("/spec/ingress/2/ports").findValuesAsText("port"))
                .containsExactly(flink.get("metrics.reporter.prom.port"));
        assertThat(policy.at("/spec/egress/0/ports")).isEqualTo(policy.at("/spec/ingress/0/ports"));
        assertThat(policy.at("/spec/egress/0/to")).isEqualTo(policy.at("/spec/ingress/0/from"));
        // DNS by both protocols, Kubernetes and S3, and the port of Kafka in the settings.
        assertThat(policy.at("/spec/egress").findValues("ports").stream()
                        .skip(1)
                        .flatMap(ports -> ports.findValuesAsText("port").stream()))
                .containsExactly("53", "53", "443", "6443", "9093");
    }

    /** Selected by the labels of Flink's pods. */
    @Test
    void aNodeDrainEvictsAtMostOnePodOfAKind() throws IOException {
        int slots = Integer.parseInt(flinkConfiguration().get("taskmanager.numberOfTaskSlots"));
        int parallelism = deployment.at("/spec/job/parallelism").asInt();
        Map<String, Integer> processes = Map.of(
                "jobmanager",
                deployment.at("/spec/jobManager/replicas").asInt(),
                "taskmanager",
                (parallelism + slots - 1) / slots);
        List<JsonNode> budgets = documents("network.yaml").stream()
                .filter(document -> document.get("kind").asText().equals("PodDisruptionBudget"))
                .toList();
        assertThat(budgets)
                .extracting(budget ->
                        budget.at("/spec/selector/matchLabels/component").asText())
                .containsExactlyInAnyOrderElementsOf(processes.keySet());
        assertThat(budgets).allSatisfy(budget -> {
            JsonNode labels = budget.at("/spec/selector/matchLabels");
            assertThat(labels.get("type").asText()).isEqualTo("flink-native-kubernetes");
            assertThat(labels.get("app")).isEqualTo(deployment.at("/metadata/name"));
            assertThat(budget.at("/spec/minAvailable").isInt()).isTrue();
            assertThat(budget.at("/spec/minAvailable").asInt())
                    .isEqualTo(processes.get(labels.get("component").asText()) - 1);
        });
        JsonNode apart = deployment.at("/spec/jobManager/podTemplate/spec/affinity/podAntiAffinity"
                + "/requiredDuringSchedulingIgnoredDuringExecution/0");
        assertThat(apart.at("/topologyKey").asText()).isEqualTo("kubernetes.io/hostname");
        assertThat(apart.at("/labelSelector/matchLabels/app")).isEqualTo(deployment.at("/metadata/name"));
        assertThat(apart.at("/labelSelector/matchLabels/component").asText()).isEqualTo("jobmanager");
    }

    /** Without a leader, /config fails although the process is healthy. */
    @Test
    void theLivenessProbeDoesNotDependOnALeader() {
        JsonNode container = deployment.at("/spec/jobManager/podTemplate/spec/containers/0");
        assertThat(container.at("/readinessProbe/httpGet/path").asText()).isEqualTo("/config");
        assertThat(container.at("/livenessProbe/tcpSocket/port").asInt()).isEqualTo(8081);
        assertThat(container.at("/livenessProbe").has("httpGet")).isFalse();
    }

    private static Set<ValidationMessage> problems(JsonNode deployment) throws IOException {
        JsonNode definition = crd();
        JsonNode version = StreamSupport.stream(definition.at("/spec/versions").spliterator(), false)
                .filter(candidate -> deployment
                        .get("apiVersion")
                        .asText()
                        .endsWith("/" + candidate.get("name").asText()))
                .findFirst()
                .orElseThrow();
        ObjectNode schema = version.at("/schema/openAPIV3Schema").deepCopy();
        // This schema is of an operator before Flink 2; later ones differ in the enum of Flink versions.
        ((ArrayNode) schema.at("/properties/spec/properties/flinkVersion/enum")).add("v2_2");
        ObjectNode properties = (ObjectNode) schema.get("properties");
        properties.putObject("apiVersion");
        properties.putObject("kind");
        properties.putObject("metadata");
        refuseUnknown(schema);
        JsonSchema checks =
                JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(schema);
        return checks.validate(deployment);
    }

    private static JsonNode crd() throws IOException {
        try (InputStream in = KubernetesTest.class.getResourceAsStream(SCHEMA)) {
            // The file exceeds the parser's default size limit.
            LoadSettings settings =
                    LoadSettings.builder().setCodePointLimit(1 << 24).build();
            return JSON.valueToTree(new Load(settings).loadFromInputStream(in));
        }
    }

    /** Forbids properties that an object of the schema does not list. */
    private static void refuseUnknown(JsonNode schema) {
        if (schema instanceof ObjectNode object
                && object.path("properties").isObject()
                && !object.has("additionalProperties")
                && !object.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
            object.put("additionalProperties", false);
        }
        schema.forEach(KubernetesTest::refuseUnknown);
    }

    private static Map<String, String> flinkConfiguration() {
        return JSON.convertValue(
                deployment.at("/spec/flinkConfiguration"),
                JSON.getTypeFactory().constructMapType(Map.class, String.class, String.class));
    }

    /** Volume names by mount path. */
    private static Map<String, String> mounts() {
        Map<String, String> mounts = new TreeMap<>();
        deployment
                .at("/spec/podTemplate/spec/containers/0/volumeMounts")
                .forEach(mount -> mounts.put(
                        mount.get("mountPath").asText(), mount.get("name").asText()));
        return mounts;
    }

    private static JsonNode volume(String name) {
        return StreamSupport.stream(
                        deployment.at("/spec/podTemplate/spec/volumes").spliterator(), false)
                .filter(volume -> volume.get("name").asText().equals(name))
                .findFirst()
                .orElse(JSON.missingNode());
    }

    private static List<String> texts(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(JsonNode::asText)
                .toList();
    }

    private static List<JsonNode> documents(String file) throws IOException {
        List<JsonNode> documents = new ArrayList<>();
        new Load(LoadSettings.builder().build())
                .loadAllFromString(Files.readString(FOLDER.resolve(file)))
                .forEach(document -> documents.add(JSON.valueToTree(document)));
        return documents;
    }
}
