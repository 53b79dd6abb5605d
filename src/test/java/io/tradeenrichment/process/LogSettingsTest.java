package io.tradeenrichment.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.metrics.MetricGroup;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Log4j settings of the processes of {@code deploy/}. */
class LogSettingsTest {
    private static final String LOG_FILE = "trade-enrichment.log.file";
    private static final long MEGABYTE = 1 << 20;

    @TempDir
    private Path folder;

    private LoggerContext log;

    @BeforeEach
    void start() {
        System.setProperty(LOG_FILE, folder.resolve("job.log").toString());
        log = new LoggerContext(
                "of a test", null, Path.of("conf", "log4j2.properties").toUri());
        log.start();
    }

    @AfterEach
    void stop() {
        Configurator.shutdown(log);
        System.clearProperty(LOG_FILE);
    }

    @Test
    void suppressesOnlyTheHarmlessCollisionWarning() throws IOException {
        var metrics = log.getLogger(MetricGroup.class.getName());
        metrics.warn(
                "Name collision: Group already contains a Metric with the name 'pendingCommittables'. Metric will not"
                        + " be reported.[localhost, taskmanager, tm, job, Enriched trades: Committer, 0]");
        metrics.warn(
                "Name collision: Group already contains a Metric with the name 'parked'. Metric will not be reported.[]");
        log.getLogger("another")
                .warn("Name collision: Group already contains a Metric with the name 'pendingCommittables'");

        assertThat(Files.readAllLines(folder.resolve("job.log")))
                .hasSize(2)
                .anyMatch(line -> line.contains("'parked'"))
                .anyMatch(line -> line.contains(" another ") && line.contains("'pendingCommittables'"));
    }

    @Test
    void theSizeOfTheLogIsBounded() throws IOException {
        String text = "x".repeat((int) MEGABYTE);
        for (int i = 0; i < 150; i++) {
            log.getRootLogger().info(text);
        }
        log.getRootLogger().info("the last");

        try (Stream<Path> files = Files.list(folder)) {
            List<Path> all = files.toList();
            assertThat(all)
                    .extracting(file -> file.getFileName().toString())
                    .containsExactlyInAnyOrder("job.log", "job.log.1", "job.log.2", "job.log.3", "job.log.4");
            for (Path file : all) {
                assertThat(file.toFile().length()).isBetween(1L, 22 * MEGABYTE);
            }
        }
        assertThat(folder.resolve("job.log")).content().contains("the last");
    }
}
