package io.tradeenrichment.cluster;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** The content of the jar for a cluster. */
class ShadedJarIT {
    private static final Path JAR = Path.of(System.getProperty("shaded.jar"));

    @Test
    void containsTheJobAndItsLibrariesButNothingThatTheClusterHas() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            List<String> classes = classes(jar);
            assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
                    .isEqualTo("io.tradeenrichment.TradeEnrichmentJob");
            assertThat(classes)
                    .contains(
                            "io/tradeenrichment/Topology.class",
                            "org/apache/avro/Schema.class",
                            "org/apache/flink/connector/kafka/source/KafkaSource.class",
                            // Not relocated: users name a login module by its class.
                            "org/apache/kafka/clients/producer/KafkaProducer.class",
                            "org/apache/kafka/common/security/plain/PlainLoginModule.class");
            assertThat(classes.stream()
                            .filter(name -> name.startsWith("org/apache/flink/"))
                            .filter(name -> !name.startsWith("org/apache/flink/connector/kafka/"))
                            .filter(name -> !name.startsWith("org/apache/flink/streaming/connectors/kafka/"))
                            .filter(name -> !name.startsWith("org/apache/flink/streaming/util/serialization/JSONKey")))
                    .isEmpty();
            assertThat(classes)
                    .noneMatch(name -> name.startsWith("org/apache/logging/") || name.startsWith("org/slf4j/"));
            assertThat(jar.getEntry("avro/Trade.avsc")).isNotNull();
        }
    }

    @Test
    void containsTheJobAndThePreflightButNoOtherCommand() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            List<String> own = classes(jar).stream()
                    .filter(name -> name.startsWith("io/tradeenrichment/"))
                    .toList();
            assertThat(own)
                    .contains("io/tradeenrichment/cli/preflight/PreflightCommand.class")
                    .noneMatch(name -> name.startsWith("io/tradeenrichment/market/"));
            assertThat(own.stream().filter(name -> name.startsWith("io/tradeenrichment/cli/")))
                    .allMatch(name -> name.startsWith("io/tradeenrichment/cli/preflight/"));
        }
    }

    /** Otherwise the job would fail on the cluster with a NoClassDefFoundError. */
    @Test
    void noClassInItNeedsAClassThatIsLeftOut() throws IOException {
        JavaClasses classes;
        try (JarFile jar = new JarFile(JAR.toFile())) {
            classes = new ClassFileImporter().importJar(jar);
        }
        noClasses()
                .that()
                .resideInAPackage("io.tradeenrichment..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.tradeenrichment.cli",
                        "io.tradeenrichment.cli.deploy..",
                        "io.tradeenrichment.cli.embedded..",
                        "io.tradeenrichment.cli.terminal..",
                        "io.tradeenrichment.cli.tools..",
                        "io.tradeenrichment.market..",
                        "org.apache.flink.connector.datagen..")
                .check(classes);
    }

    @Test
    void containsTheLicencesAndTheNoticesOfItsLibraries() throws IOException {
        try (JarFile jar = new JarFile(JAR.toFile())) {
            assertThat(text(jar, "META-INF/LICENSE")).contains("Apache License", "Version 2.0");
            assertThat(text(jar, "META-INF/NOTICE"))
                    .contains(
                            "Flink : Connectors : Kafka",
                            "Apache Avro",
                            "Jackson JSON processor",
                            "Apache Commons Lang");
            assertThat(text(jar, "NOTICE")).contains("Apache Kafka");
        }
    }

    private static List<String> classes(JarFile jar) {
        return jar.stream()
                .map(ZipEntry::getName)
                .filter(name -> name.endsWith(".class"))
                .toList();
    }

    private static String text(JarFile jar, String entry) throws IOException {
        return new String(jar.getInputStream(jar.getEntry(entry)).readAllBytes(), StandardCharsets.UTF_8);
    }
}
