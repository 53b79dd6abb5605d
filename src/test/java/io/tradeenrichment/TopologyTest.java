package io.tradeenrichment;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.tradeenrichment.cli.embedded.EmbeddedConfig;
import io.tradeenrichment.cli.embedded.EmbeddedConnectors;
import io.tradeenrichment.codec.key.KeyFormats;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.config.JobConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.graph.StreamEdge;
import org.apache.flink.streaming.api.graph.StreamGraph;
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
                        EmbeddedConfig.from(defaults).workload().market(),
                        0,
                        KeyFormats.BIG_ENDIAN,
                        JobSchemas.bundled(),
                        "file:///unused"),
                Wire.containerFiles(JobConfig.from(defaults).wire(), JobSchemas.bundled(), List.of()));
    }

    /** Savepoints refer to state by these uids: changing one loses the state of every running job. */
    @Test
    void everyOperatorHasTheUidThatSavepointsReferTo() {
        Map<String, String> names = new TreeMap<>();
        for (StreamNode node : environment.getStreamGraph(false).getStreamNodes()) {
            names.put(node.getTransformationUID(), node.getOperatorName());
        }
        assertThat(names)
                .isEqualTo(Map.ofEntries(
                        entry("trades", "Source: Trades"),
                        entry("instruments-1", "Source: Instruments"),
                        entry("users-1", "Source: Users"),
                        entry("decode-trades", "Decode trades"),
                        entry("decode-instruments", "Decode instruments"),
                        entry("decode-users", "Decode users"),
                        entry("trade-join", "Join trades with instruments and users"),
                        entry("enriched-trades", "Enriched trades: Writer"),
                        entry("Sink Committer: enriched-trades", "Enriched trades: Committer"),
                        entry("dead-letters", "Dead letters: Writer"),
                        entry("Sink Committer: dead-letters", "Dead letters: Committer")));
    }

    @Test
    void flinkRefusesAnOperatorWithoutAUid() {
        environment
                .fromSequence(1, 2)
                .uid("numbers")
                .map(number -> number, Types.LONG)
                .sinkTo(new DiscardingSink<>());
        assertThatIllegalStateException()
                .isThrownBy(() -> environment.getStreamGraph(false).getJobGraph())
                .withMessageContaining("Auto generated UIDs have been disabled");
    }

    @Test
    void flinkRefusesATypeThatNeedsKryo() {
        assertThatExceptionOfType(UnsupportedOperationException.class)
                .isThrownBy(
                        () -> environment.fromData(new Object(), new Object()).uid("objects"))
                .withMessageContaining("Generic types have been disabled");
    }

    /** The picture in the Javadoc of {@link Topology}: a trade goes to one subtask by its key, a row to all of them. */
    @Test
    void tradesArePartitionedByKeyAndRowsBroadcast() {
        StreamGraph graph = environment.getStreamGraph(false);
        List<String> edges = new ArrayList<>();
        for (StreamNode node : graph.getStreamNodes()) {
            for (StreamEdge edge : node.getOutEdges()) {
                edges.add(node.getTransformationUID() + " -" + edge.getPartitioner() + "> "
                        + graph.getStreamNode(edge.getTargetId()).getTransformationUID());
            }
        }
        assertThat(edges)
                .containsExactlyInAnyOrder(
                        "trades -FORWARD> decode-trades",
                        "instruments-1 -FORWARD> decode-instruments",
                        "users-1 -FORWARD> decode-users",
                        "decode-trades -HASH> trade-join",
                        "decode-instruments -BROADCAST> trade-join",
                        "decode-users -BROADCAST> trade-join",
                        "trade-join -FORWARD> enriched-trades",
                        "decode-trades -FORWARD> dead-letters",
                        "decode-instruments -REBALANCE> dead-letters",
                        "decode-users -REBALANCE> dead-letters",
                        "trade-join -FORWARD> dead-letters",
                        "enriched-trades -FORWARD> Sink Committer: enriched-trades",
                        "dead-letters -FORWARD> Sink Committer: dead-letters");
    }

    @Test
    void rowsAreReadAndDecodedByOneSubtaskSoThatTheyKeepTheirOrder() {
        for (StreamNode node : environment.getStreamGraph(false).getStreamNodes()) {
            boolean rows = node.getTransformationUID().matches("(decode-)?(instruments|users)(-1)?");
            assertThat(node.getParallelism()).as(node.getTransformationUID()).isEqualTo(rows ? 1 : 2);
        }
    }
}
