package io.tradeenrichment;

import io.tradeenrichment.kafka.check.Checkpointing;
import io.tradeenrichment.kafka.check.StartChecks;
import io.tradeenrichment.kafka.client.KafkaAdmin;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.kafka.client.TopicLookup;
import io.tradeenrichment.kafka.sink.KafkaSinks;
import io.tradeenrichment.kafka.source.InitialEndOffsets;
import io.tradeenrichment.kafka.source.KafkaSources;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.EndOffsets;
import io.tradeenrichment.model.EnrichedTrade;
import io.tradeenrichment.model.RejectedRecord;
import io.tradeenrichment.model.SnapshotRecords;
import io.tradeenrichment.model.SourceRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.streaming.api.datastream.DataStreamSource;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.kafka.clients.admin.TopicDescription;

/** The job's connectors on Kafka. */
public final class KafkaConnectors implements Connectors {
    private final KafkaSources sources;
    private final KafkaSinks sinks;
    private final List<String> warnings;

    private KafkaConnectors(KafkaSources sources, KafkaSinks sinks, List<String> warnings) {
        this.sources = sources;
        this.sinks = sinks;
        this.warnings = List.copyOf(warnings);
    }

    /**
     * Checks the settings against Kafka, and looks up where the dimension topics end.
     *
     * @param maxEnrichedSize of an enriched value, in bytes
     * @throws io.tradeenrichment.settings.SettingsException with one sentence if the job could not run
     */
    public static KafkaConnectors open(KafkaConfig config, Checkpointing checkpointing, int maxEnrichedSize)
            throws InterruptedException {
        checkpointing.requireFor(config.sink());
        try (KafkaAdmin admin = KafkaAdmin.open(config.connection())) {
            List<String> warnings = new ArrayList<>();
            Map<String, TopicDescription> topics =
                    new TopicLookup(admin).require(config.topics().byKey(), warnings::add);
            StartChecks.Result checked = StartChecks.run(admin, config, checkpointing, maxEnrichedSize);
            warnings.addAll(checked.warnings());
            InitialEndOffsets ends = InitialEndOffsets.lookUp(admin, config.topics(), topics.values());
            return new KafkaConnectors(
                    new KafkaSources(config, ends),
                    new KafkaSinks(config, maxEnrichedSize, checked.maxDeadLetterSize()),
                    warnings);
        }
    }

    /**
     * The connectors without a connection to Kafka: for a job graph that is inspected, and not run.
     *
     * @param maxEnrichedSize of an enriched value, in bytes
     */
    public static KafkaConnectors offline(KafkaConfig config, int maxEnrichedSize) {
        return new KafkaConnectors(
                new KafkaSources(config, InitialEndOffsets.UNKNOWN),
                new KafkaSinks(config, maxEnrichedSize, maxEnrichedSize),
                List.of());
    }

    /** Findings that do not keep the job from running, one sentence each. */
    public List<String> warnings() {
        return warnings;
    }

    @Override
    public DataStreamSource<SourceRecord> trades(StreamExecutionEnvironment environment) {
        return sources.trades(environment);
    }

    @Override
    public DataStreamSource<SourceRecord> dimension(StreamExecutionEnvironment environment, Dimension dimension) {
        return sources.dimension(environment, dimension);
    }

    @Override
    public SnapshotRecords snapshot() {
        return sources.snapshot();
    }

    @Override
    public EndOffsets endOffsets() {
        return sources.endOffsets();
    }

    @Override
    public Sink<EnrichedTrade> enrichedTrades() {
        return sinks.enrichedTrades();
    }

    @Override
    public Sink<RejectedRecord> deadLetters() {
        return sinks.deadLetters();
    }
}
