package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;

/** What the jar for a cluster carries, and what it must not. */
class ShadedJarIT {

    @Test
    void carriesTheJobItsLibrariesAndItsMainClassButNothingThatTheClusterHas() throws IOException {
        try (JarFile jar = new JarFile(System.getProperty("shaded.jar"))) {
            List<String> classes = jar.stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(".class"))
                    .toList();
            assertThat(jar.getManifest().getMainAttributes().getValue("Main-Class"))
                    .isEqualTo("io.tradeenrichment.TradeEnrichmentJob");
            assertThat(classes)
                    .contains(
                            "io/tradeenrichment/Topology.class",
                            "org/apache/avro/Schema.class",
                            "org/apache/flink/connector/datagen/source/DataGeneratorSource.class",
                            "org/apache/flink/connector/kafka/source/KafkaSource.class",
                            // Not relocated: a user's login module is named by the class it has.
                            "org/apache/kafka/clients/producer/KafkaProducer.class",
                            "org/apache/kafka/common/security/plain/PlainLoginModule.class");
            assertThat(classes.stream()
                            .filter(name -> name.startsWith("org/apache/flink/"))
                            .filter(name -> !name.startsWith("org/apache/flink/connector/datagen/"))
                            .filter(name -> !name.startsWith("org/apache/flink/connector/kafka/"))
                            .filter(name -> !name.startsWith("org/apache/flink/streaming/connectors/kafka/"))
                            .filter(name -> !name.startsWith("org/apache/flink/streaming/util/serialization/JSONKey")))
                    .isEmpty();
            assertThat(classes)
                    .noneMatch(name -> name.startsWith("org/apache/logging/") || name.startsWith("org/slf4j/"));
            assertThat(jar.getEntry("avro/Trade.avsc")).isNotNull();
        }
    }
}
