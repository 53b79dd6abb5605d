package io.tradeenrichment.savepoint;

import io.tradeenrichment.config.JobConfig;
import java.util.Set;
import org.apache.flink.streaming.api.graph.StreamGraph;

/**
 * The job that would be started.
 *
 * @param topics of its sources
 * @param generation of the snapshot load that it needs
 */
public record PlannedJob(StreamGraph graph, JobConfig config, Set<String> topics, int generation) {}
