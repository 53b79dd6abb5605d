package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.cli.embedded.EmbeddedConfig;
import io.tradeenrichment.cli.embedded.EmbeddedConnectors;
import io.tradeenrichment.codec.key.KeyFormats;
import io.tradeenrichment.config.JobConfig;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TopologyTest {
    private StreamExecutionEnvironment environment;

    @BeforeEach
    void define() {
        environment = StreamExecutionEnvironment.createLocalEnvironment(2);
        Configuration defaults = new Configuration();
        TradeEnrichmentJob.define(
                environment,
                JobConfig.from(defaults),
                new EmbeddedConnectors(
                        EmbeddedConfig.from(defaults).workload().market(), 0, KeyFormats.BIG_ENDIAN, "file:///unused"),
                Wire.containerFiles(JobConfig.from(defaults).wire(), List.of()));
    }

    /** Savepoints find their state by these; a change here loses the state of every running job. */
    @Test
    void everyOperatorHasTheUidThatSavepointsKnowItBy() {
        Map<String, String> names = new TreeMap<>();
        for (StreamNode node : environment.getStreamGraph(false).getStreamNodes()) {
            names.put(node.getTransformationUID(), node.getOperatorName());
        }
        assertThat(names)
                .containsOnlyKeys(
                        "trades",
                        "instruments-1",
                        "users-1",
                        "decode-trades",
                        "decode-instruments",
                        "decode-users",
                        "trade-join",
                        "enriched-trades",
                        "Sink Committer: enriched-trades",
                        "dead-letters",
                        "Sink Committer: dead-letters");
    }

    @Test
    void theGraphBuildsWithoutKryoAndWithoutUidsThatFlinkMadeUp() {
        assertThat(environment.getStreamGraph(false).getJobGraph().getNumberOfVertices())
                .isPositive();
    }

    @Test
    void rowsAreReadInOneSubtaskSoThatTheyKeepTheirOrder() {
        for (StreamNode node : environment.getStreamGraph(false).getStreamNodes()) {
            boolean rows = node.getTransformationUID().matches("(decode-)?(instruments|users)(-1)?");
            assertThat(node.getParallelism()).as(node.getTransformationUID()).isEqualTo(rows ? 1 : 2);
        }
    }
}
