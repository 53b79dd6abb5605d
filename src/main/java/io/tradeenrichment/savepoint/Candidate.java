package io.tradeenrichment.savepoint;

import io.tradeenrichment.config.JobConfig;
import org.apache.flink.streaming.api.graph.StreamGraph;

/**
 * The job that would be started.
 *
 * @param generation which load of the standing rows it needs
 */
public record Candidate(StreamGraph graph, JobConfig config, int generation) {}
