package io.tradeenrichment.cli.deploy;

import io.tradeenrichment.cli.deploy.ClusterException.Kind;
import io.tradeenrichment.model.Account;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.rest.handler.async.TriggerResponse;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.JobAccumulatorsHeaders;
import org.apache.flink.runtime.rest.messages.JobAccumulatorsInfo.UserTaskAccumulator;
import org.apache.flink.runtime.rest.messages.JobExceptionsHeaders;
import org.apache.flink.runtime.rest.messages.JobExceptionsInfoWithHistory.RootExceptionInfo;
import org.apache.flink.runtime.rest.messages.JobIDPathParameter;
import org.apache.flink.runtime.rest.messages.JobVertexIdPathParameter;
import org.apache.flink.runtime.rest.messages.MessageHeaders;
import org.apache.flink.runtime.rest.messages.RequestBody;
import org.apache.flink.runtime.rest.messages.ResponseBody;
import org.apache.flink.runtime.rest.messages.TriggerId;
import org.apache.flink.runtime.rest.messages.TriggerIdPathParameter;
import org.apache.flink.runtime.rest.messages.checkpoints.CheckpointConfigHeaders;
import org.apache.flink.runtime.rest.messages.checkpoints.CheckpointStatistics.CompletedCheckpointStatistics;
import org.apache.flink.runtime.rest.messages.checkpoints.CheckpointTriggerHeaders;
import org.apache.flink.runtime.rest.messages.checkpoints.CheckpointTriggerRequestBody;
import org.apache.flink.runtime.rest.messages.checkpoints.CheckpointingStatistics;
import org.apache.flink.runtime.rest.messages.checkpoints.CheckpointingStatisticsHeaders;
import org.apache.flink.runtime.rest.messages.job.JobDetailsHeaders;
import org.apache.flink.runtime.rest.messages.job.JobDetailsInfo;
import org.apache.flink.runtime.rest.messages.job.JobDetailsInfo.JobVertexDetailsInfo;
import org.apache.flink.runtime.rest.messages.job.UpperLimitExceptionParameter;
import org.apache.flink.runtime.rest.messages.job.metrics.AggregatedMetric;
import org.apache.flink.runtime.rest.messages.job.metrics.AggregatedSubtaskMetricsHeaders;
import org.apache.flink.runtime.rest.messages.job.savepoints.SavepointInfo;
import org.apache.flink.runtime.rest.messages.job.savepoints.SavepointStatusHeaders;
import org.apache.flink.runtime.rest.messages.job.savepoints.SavepointTriggerHeaders;
import org.apache.flink.runtime.rest.messages.job.savepoints.SavepointTriggerRequestBody;
import org.apache.flink.runtime.rest.messages.job.savepoints.stop.StopWithSavepointRequestBody;
import org.apache.flink.runtime.rest.messages.job.savepoints.stop.StopWithSavepointTriggerHeaders;
import org.apache.flink.runtime.rest.messages.queue.QueueStatus;
import org.apache.flink.runtime.rest.util.RestMapperUtils;
import org.apache.flink.shaded.jackson2.com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** A job on the cluster, by its JobID. */
record RunningJob(SessionCluster cluster, String id) {

    /** Empty if the cluster does not know the job. */
    Optional<JobDetailsInfo> find() throws IOException, InterruptedException {
        try {
            return Optional.of(details());
        } catch (ClusterException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    JobDetailsInfo details() throws IOException, InterruptedException {
        return get(JobDetailsHeaders.getInstance());
    }

    /** A suspended job has not ended, because another JobManager recovers it. */
    boolean hasEnded() throws IOException, InterruptedException {
        return find().map(job -> job.getJobStatus().isGloballyTerminalState()).orElse(true);
    }

    /** The tasks that do not run yet, for the user; empty if every task runs. */
    String progress() throws IOException, InterruptedException {
        StringBuilder progress = new StringBuilder();
        for (JobVertexDetailsInfo vertex : details().getJobVertexInfos()) {
            if (vertex.getTasksPerState().getOrDefault(ExecutionState.RUNNING, 0) < vertex.getParallelism()) {
                String title =
                        vertex.getName().replaceFirst("^(Source|Sink): ", "").replaceFirst("( ->|: ).*", "");
                progress.append(progress.isEmpty() ? "" : "; ")
                        .append(title + " " + vertex.getExecutionState().name().toLowerCase(Locale.ROOT))
                        .append(loadedRecords(vertex.getJobVertexID().toString()));
            }
        }
        return progress.toString();
    }

    private String loadedRecords(String vertex) throws IOException, InterruptedException {
        var metrics = AggregatedSubtaskMetricsHeaders.getInstance();
        String names = get(metrics, JobVertexIdPathParameter.KEY, vertex).getMetrics().stream()
                .map(AggregatedMetric::getId)
                .filter(name -> name.endsWith(".loadedRecords"))
                .collect(Collectors.joining(","));
        if (names.isEmpty()) {
            return "";
        }
        double records =
                get(metrics, JobVertexIdPathParameter.KEY, vertex, "get", names, "agg", "sum").getMetrics().stream()
                        .mapToDouble(AggregatedMetric::getSum)
                        .sum();
        return records == 0 ? "" : String.format(Locale.ROOT, " (%,.0f records loaded)", records);
    }

    /** The latest failure or restart; its timestamp is of the JobManager's clock. */
    Optional<RootExceptionInfo> latestFailure() throws IOException, InterruptedException {
        var exceptions = get(JobExceptionsHeaders.getInstance(), UpperLimitExceptionParameter.KEY, "1");
        return exceptions.getExceptionHistory().getEntries().stream().findFirst();
    }

    /** Whether its checkpoints remain if it is cancelled. A job without checkpoints has none to lose. */
    boolean retainsCheckpoints() throws IOException, InterruptedException {
        try {
            // Flink's message has no getters for these.
            JsonNode externalized = RestMapperUtils.getStrictObjectMapper()
                    .valueToTree(get(CheckpointConfigHeaders.getInstance()))
                    .path("externalization");
            return externalized.path("enabled").asBoolean()
                    && !externalized.path("delete_on_cancellation").asBoolean();
        } catch (ClusterException e) {
            if (e.kind() == Kind.NOT_FOUND) {
                return true;
            }
            throw e;
        }
    }

    /** @throws ClusterException of kind NOT_FOUND if the job has no checkpoints */
    CheckpointingStatistics checkpoints() throws IOException, InterruptedException {
        return get(CheckpointingStatisticsHeaders.getInstance());
    }

    /**
     * The state that the last output was committed with: the last complete checkpoint, the savepoint that the job was stopped
     * with, or the state that it was restored from. Other savepoints commit nothing. The cluster caches it, see
     * {@link SessionCluster#awaitFreshAnswers}.
     *
     * @return null if the job was started empty and has completed no checkpoint
     */
    @Nullable String committedState() throws IOException, InterruptedException {
        var latest = checkpoints().getLatestCheckpoints();
        TreeMap<Long, String> paths = new TreeMap<>();
        var restored = latest.getRestoredCheckpointStatistics();
        if (restored != null) {
            paths.put(restored.getId(), restored.getExternalPath());
        }
        CompletedCheckpointStatistics completed = latest.getCompletedCheckpointStatistics();
        if (completed != null) {
            paths.put(completed.getId(), completed.getExternalPath());
        }
        CompletedCheckpointStatistics savepoint = latest.getSavepointStatistics();
        if (savepoint != null && String.valueOf(savepoint.getCheckpointType()).equals("SYNC_SAVEPOINT")) {
            paths.put(savepoint.getId(), savepoint.getExternalPath());
        }
        return paths.isEmpty() ? null : paths.lastEntry().getValue();
    }

    /** The control totals by title, in the order of the accounts. */
    Map<String, Long> totals() throws IOException, InterruptedException {
        Map<String, String> accumulators = get(JobAccumulatorsHeaders.getInstance()).getUserAccumulators().stream()
                .collect(Collectors.toMap(UserTaskAccumulator::getName, UserTaskAccumulator::getValue));
        Map<String, Long> totals = new LinkedHashMap<>();
        Stream.of(Account.values())
                .map(Account::title)
                .filter(accumulators::containsKey)
                .forEach(title -> totals.put(title, Long.valueOf(accumulators.get(title))));
        return totals;
    }

    void triggerCheckpoint() throws IOException, InterruptedException {
        request(
                CheckpointTriggerHeaders.getInstance(),
                new CheckpointTriggerRequestBody(CheckpointType.CONFIGURED, new TriggerId()));
    }

    /** @return the path of the savepoint */
    String savepoint(DeployConfig how) throws IOException, InterruptedException {
        TriggerId trigger = new TriggerId();
        return savepoint(
                SavepointTriggerHeaders.getInstance(),
                new SavepointTriggerRequestBody(how.savepointFolder(), false, how.savepointFormat(), trigger),
                trigger,
                how.savepointTimeout());
    }

    /** Stops the job: it writes and commits all that it has read. @return the path of the savepoint */
    String stop(DeployConfig how) throws IOException, InterruptedException {
        TriggerId trigger = new TriggerId();
        return savepoint(
                StopWithSavepointTriggerHeaders.getInstance(),
                new StopWithSavepointRequestBody(how.savepointFolder(), false, how.savepointFormat(), trigger),
                trigger,
                how.savepointTimeout());
    }

    /** The trigger id makes the request idempotent, and finds the savepoint if an answer is lost. */
    private <R extends RequestBody> String savepoint(
            MessageHeaders<R, TriggerResponse, ?> headers, R body, TriggerId trigger, Duration timeout)
            throws IOException, InterruptedException {
        String option = CheckpointingOptions.SAVEPOINT_DIRECTORY.key();
        try {
            request(headers, body);
        } catch (ClusterException e) {
            throw String.valueOf(e.getMessage()).contains(option)
                    ? new ClusterException(
                            Kind.REFUSED,
                            "the cluster has no folder for savepoints, " + option + "; set --savepoint.dir")
                    : e;
        }
        var status = SavepointStatusHeaders.getInstance();
        new PollDeadline(timeout)
                .require(
                        () -> get(status, TriggerIdPathParameter.KEY, trigger.toString())
                                        .queueStatus()
                                        .getId()
                                == QueueStatus.Id.COMPLETED,
                        "the savepoint was not complete");
        SavepointInfo savepoint =
                get(status, TriggerIdPathParameter.KEY, trigger.toString()).resource();
        if (savepoint.getFailureCause() != null) {
            String trace = savepoint.getFailureCause().getFullStringifiedStackTrace();
            throw new ClusterException(Kind.REFUSED, "the savepoint failed: " + RootCause.in(trace));
        }
        return savepoint.getLocation();
    }

    /** Ends the job, unless it has ended. */
    void cancel(Duration timeout) throws IOException, InterruptedException {
        new PollDeadline(timeout)
                .require(
                        () -> hasEnded() || requestsCancellation(),
                        "the job " + id + " was cancelled, but has not ended");
    }

    /** False, because the job ends later. */
    private boolean requestsCancellation() throws IOException, InterruptedException {
        try {
            cluster.request(flink -> flink.cancel(JobID.fromHexString(id)));
        } catch (ClusterException e) {
            // The job may be ending. If not, the request is repeated.
        }
        return false;
    }

    void awaitEnd(Duration timeout) throws IOException, InterruptedException {
        new PollDeadline(timeout).require(this::hasEnded, "the job " + id + " was stopped, but has not ended");
    }

    private <P extends ResponseBody> P get(MessageHeaders<EmptyRequestBody, P, ?> headers, String... parameters)
            throws IOException, InterruptedException {
        return request(headers, EmptyRequestBody.getInstance(), parameters);
    }

    private <R extends RequestBody, P extends ResponseBody> P request(
            MessageHeaders<R, P, ?> headers, R body, String... parameters) throws IOException, InterruptedException {
        Stream<String> job = Stream.of(JobIDPathParameter.KEY, id);
        return cluster.request(
                headers, body, Stream.concat(job, Stream.of(parameters)).toArray(String[]::new));
    }
}
