package io.tradeenrichment.savepoint;

import io.tradeenrichment.config.JobConfig;
import java.util.Set;
import org.apache.flink.streaming.api.graph.StreamGraph;

/**
 * The job that would be started.
 *
 * @param outputSchema of its enriched trades, as JSON
 * @param textIds whether its trade ids are texts
 * @param topics of its sources
 * @param generation of the snapshot load that it needs
 */
public record PlannedJob(
        StreamGraph graph,
        JobConfig config,
        String outputSchema,
        boolean textIds,
        Set<String> topics,
        int generation) {}
