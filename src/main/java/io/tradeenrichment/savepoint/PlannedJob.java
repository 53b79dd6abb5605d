package io.tradeenrichment.savepoint;

import io.tradeenrichment.config.JobConfig;
import java.util.Set;
import org.apache.flink.streaming.api.graph.StreamGraph;

/**
 * The job that would be started.
 *
 * @param topics that its feeds would read
 * @param generation which load of the standing rows it needs
 */
public record PlannedJob(StreamGraph graph, JobConfig config, Set<String> topics, int generation) {}
