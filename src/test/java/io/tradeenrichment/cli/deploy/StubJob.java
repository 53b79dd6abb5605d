package io.tradeenrichment.cli.deploy;

import io.tradeenrichment.cli.deploy.StubCluster.Behavior;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.instance.SlotSharingGroupId;
import org.apache.flink.runtime.jobgraph.JobType;
import org.apache.flink.runtime.jobgraph.JobVertexID;
import org.apache.flink.runtime.messages.webmonitor.JobDetails;
import org.apache.flink.runtime.rest.messages.JobExceptionsInfoWithHistory;
import org.apache.flink.runtime.rest.messages.JobExceptionsInfoWithHistory.JobExceptionHistory;
import org.apache.flink.runtime.rest.messages.JobExceptionsInfoWithHistory.RootExceptionInfo;
import org.apache.flink.runtime.rest.messages.JobPlanInfo;
import org.apache.flink.runtime.rest.messages.checkpoints.CheckpointStatistics.CompletedCheckpointStatistics;
import org.apache.flink.runtime.rest.messages.checkpoints.CheckpointingStatistics;
import org.apache.flink.runtime.rest.messages.job.JobDetailsInfo;
import org.apache.flink.runtime.rest.messages.job.JobDetailsInfo.JobVertexDetailsInfo;
import org.apache.flink.runtime.rest.messages.job.metrics.IOMetricsInfo;
import org.apache.flink.runtime.rest.util.RestMapperUtils;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.DeserializationFeature;

/** A job of {@link StubCluster}. */
final class StubJob {
    final JobID id;
    final int parallelism;
    JobStatus status = JobStatus.RUNNING;
    /** Requests during which the cluster does not know the job yet. */
    int hiddenRequests;

    String restored;
    String checkpoint;
    String savepoint;
    /** Whether the savepoint has stopped the job. */
    boolean isStopped;
    /** The cause with which it fails and restarts; null if it does not. */
    String failure;

    private final Behavior behavior;

    StubJob(JobID id, int parallelism, Behavior behavior) {
        this.id = id;
        this.parallelism = parallelism;
        this.behavior = behavior;
        boolean failsAtOnce = behavior == Behavior.FAILS || behavior == Behavior.FAILS_AND_CLUSTER_UNAVAILABLE;
        checkpoint = failsAtOnce ? null : "file:/checkpoints/" + id + "/chk-1";
        failure = behavior.name().startsWith("FAILS") ? "the disk is full" : null;
    }

    boolean isRunning() {
        return status == JobStatus.RUNNING;
    }

    void failOver() {
        restored = checkpoint;
        checkpoint = null;
    }

    JobDetails overview() {
        return new JobDetails(id, "job", 0, 0, 0, status, 0, new int[ExecutionState.values().length], 0);
    }

    JobDetailsInfo details() {
        ExecutionState state = behavior == Behavior.LOADS ? ExecutionState.INITIALIZING : ExecutionState.RUNNING;
        var vertex = new JobVertexDetailsInfo(
                new JobVertexID(),
                new SlotSharingGroupId(),
                "Join -> Sink: Writer",
                128,
                parallelism,
                state,
                0,
                0,
                0,
                Map.of(state, parallelism),
                new IOMetricsInfo(0, true, 0, true, 0, true, 0, true, 0, 0, 0));
        return new JobDetailsInfo(
                id,
                "job",
                true,
                status,
                JobType.STREAMING,
                0,
                0,
                0,
                128,
                0,
                Map.of(),
                List.of(vertex),
                Map.of(),
                new JobPlanInfo.Plan(id.toString(), "job", "STREAMING", List.of()),
                null,
                0);
    }

    /** A job that fails once fails again before each request. */
    JobExceptionsInfoWithHistory exceptions(long timestamp) {
        List<RootExceptionInfo> entries = failure == null
                ? List.of()
                : List.of(new RootExceptionInfo(
                        "java.io.IOException",
                        "java.io.IOException: " + failure + "\n\tat some.Class.method(Class.java:1)",
                        timestamp,
                        Map.of(),
                        List.of()));
        return new JobExceptionsInfoWithHistory(new JobExceptionHistory(entries, false));
    }

    CheckpointingStatistics checkpoints() {
        return new CheckpointingStatistics(
                new CheckpointingStatistics.Counts(0, 0, 0, checkpoint == null ? 0 : 1, 0),
                new CheckpointingStatistics.Summary(null, null, null, null, null, null),
                new CheckpointingStatistics.LatestCheckpoints(
                        checkpoint == null ? null : completed(2, "CHECKPOINT", checkpoint),
                        savepoint == null ? null : completed(3, isStopped ? "SYNC_SAVEPOINT" : "SAVEPOINT", savepoint),
                        null,
                        restored == null
                                ? null
                                : new CheckpointingStatistics.RestoredCheckpointStatistics(1, 0, true, restored)),
                List.of());
    }

    /** From its fields, because the enum of the types is not public. */
    private static CompletedCheckpointStatistics completed(long id, String type, String path) {
        Map<String, Object> fields = new HashMap<>(Map.of("id", id, "checkpoint_type", type, "external_path", path));
        fields.put("className", "completed");
        fields.put("status", "COMPLETED");
        fields.put("tasks", Map.of());
        return RestMapperUtils.getFlexibleObjectMapper()
                .copy()
                .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .convertValue(fields, CompletedCheckpointStatistics.class);
    }
}
