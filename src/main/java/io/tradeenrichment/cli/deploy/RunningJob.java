package io.tradeenrichment.cli.deploy;

import io.tradeenrichment.cli.deploy.ClusterException.Kind;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobExceptionsHeaders;
import org.apache.flink.runtime.rest.messages.JobExceptionsInfoWithHistory.RootExceptionInfo;
import org.apache.flink.runtime.rest.messages.JobMessageParameters;
import org.apache.flink.runtime.rest.messages.MessageHeaders;
import org.apache.flink.runtime.rest.messages.ResponseBody;
import org.apache.flink.runtime.rest.messages.checkpoints.CheckpointConfigHeaders;
import org.apache.flink.runtime.rest.messages.checkpoints.CheckpointingStatisticsHeaders;
import org.apache.flink.runtime.rest.util.RestMapperUtils;
import org.jspecify.annotations.Nullable;

/** A job on the cluster, by its JobID. */
record RunningJob(SessionCluster cluster, JobID id) {

    /** Empty if the cluster does not know the job. */
    Optional<JobStatus> status() throws IOException, InterruptedException {
        try {
            return Optional.of(
                    cluster.request(client -> client.getJobDetails(id)).getJobStatus());
        } catch (ClusterException e) {
            if (e.kind == Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** A suspended job has not ended, because another JobManager recovers it. */
    boolean hasEnded() throws IOException, InterruptedException {
        return status().map(JobStatus::isGloballyTerminalState).orElse(true);
    }

    void awaitEnd(Duration timeout) throws IOException, InterruptedException {
        Polling.require(timeout, this::hasEnded, "the job " + id + " has not ended");
    }

    boolean everyTaskRuns() throws IOException, InterruptedException {
        return cluster.request(client -> client.getJobDetails(id)).getJobVertexInfos().stream()
                .allMatch(vertex ->
                        vertex.getTasksPerState().getOrDefault(ExecutionState.RUNNING, 0) >= vertex.getParallelism());
    }

    /** The latest failure or restart; its timestamp is of the JobManager's clock. */
    Optional<RootExceptionInfo> latestFailure() throws IOException, InterruptedException {
        return get(JobExceptionsHeaders.getInstance()).getExceptionHistory().getEntries().stream()
                .findFirst();
    }

    /** Returns true. Throws an exception if the job has ended, or has failed after that time of the JobManager's clock. */
    boolean isFine(long after) throws IOException, InterruptedException {
        boolean hasEnded = hasEnded();
        var failure = latestFailure().filter(latest -> latest.getTimestamp() > after);
        if (failure.isPresent()) {
            throw new IOException(RootCause.in(failure.get().getStacktrace()));
        }
        if (hasEnded) {
            throw new IOException("the job " + id + " has ended");
        }
        return true;
    }

    /** Whether its checkpoints remain if it is cancelled. */
    boolean retainsCheckpoints() throws IOException, InterruptedException {
        // Flink's message has no getters for these.
        var externalized = RestMapperUtils.getStrictObjectMapper()
                .valueToTree(get(CheckpointConfigHeaders.getInstance()))
                .path("externalization");
        return externalized.path("enabled").asBoolean()
                && !externalized.path("delete_on_cancellation").asBoolean();
    }

    boolean hasCheckpoint() throws IOException, InterruptedException {
        return get(CheckpointingStatisticsHeaders.getInstance()).getCounts().getNumberCompletedCheckpoints() > 0;
    }

    /**
     * The state that the last output was committed with: the last complete checkpoint, the savepoint that the job was stopped
     * with, or the state that it was restored from; null for empty state. See {@link SessionCluster#awaitFreshAnswers}.
     *
     * @throws ClusterException of kind NOT_FOUND if the job has no checkpoints
     */
    @Nullable String committedState() throws IOException, InterruptedException {
        var latest = get(CheckpointingStatisticsHeaders.getInstance()).getLatestCheckpoints();
        var restored = latest.getRestoredCheckpointStatistics();
        TreeMap<Long, String> paths = new TreeMap<>();
        if (restored != null) {
            paths.put(restored.getId(), restored.getExternalPath());
        }
        Stream.of(latest.getCompletedCheckpointStatistics(), latest.getSavepointStatistics())
                .filter(Objects::nonNull)
                // A savepoint of a job that runs on commits nothing.
                .filter(completed ->
                        !String.valueOf(completed.getCheckpointType()).equals("SAVEPOINT"))
                .forEach(completed -> paths.put(completed.getId(), completed.getExternalPath()));
        return paths.isEmpty() ? null : paths.lastEntry().getValue();
    }

    /** Returns the path of a savepoint. The job runs on. */
    String savepoint(DeployConfig how) throws IOException, InterruptedException {
        return cluster.request(
                client -> client.triggerSavepoint(id, how.savepointFolder(), SavepointFormatType.CANONICAL),
                how.savepointTimeout());
    }

    /** Stops the job: it writes and commits all that it has read. Returns the path of the savepoint. Not repeated. */
    String stop(DeployConfig how) throws IOException, InterruptedException {
        return cluster.send(
                client -> client.stopWithSavepoint(id, false, how.savepointFolder(), SavepointFormatType.CANONICAL),
                how.savepointTimeout());
    }

    private <P extends ResponseBody, M extends JobMessageParameters> P get(
            MessageHeaders<EmptyRequestBody, P, M> headers) throws IOException, InterruptedException {
        M parameters = headers.getUnresolvedMessageParameters();
        parameters.jobPathParameter.resolve(id);
        return cluster.request(client -> client.sendRequest(headers, parameters, SessionCluster.EMPTY));
    }
}
