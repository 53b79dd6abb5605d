package io.tradeenrichment.cli.deploy;

import io.tradeenrichment.settings.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.SecurityOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.dispatcher.UnavailableDispatcherOperationException;
import org.apache.flink.runtime.messages.FlinkJobNotFoundException;
import org.apache.flink.runtime.messages.webmonitor.MultipleJobsDetails;
import org.apache.flink.runtime.rest.handler.AbstractRestHandler;
import org.apache.flink.runtime.rest.handler.HandlerRequest;
import org.apache.flink.runtime.rest.handler.RestHandlerException;
import org.apache.flink.runtime.rest.handler.async.AsynchronousOperationInfo;
import org.apache.flink.runtime.rest.handler.async.AsynchronousOperationResult;
import org.apache.flink.runtime.rest.handler.async.TriggerResponse;
import org.apache.flink.runtime.rest.handler.legacy.messages.ClusterOverviewWithVersion;
import org.apache.flink.runtime.rest.messages.ClusterConfigurationInfoHeaders;
import org.apache.flink.runtime.rest.messages.ClusterOverviewHeaders;
import org.apache.flink.runtime.rest.messages.ConfigurationInfo;
import org.apache.flink.runtime.rest.messages.EmptyResponseBody;
import org.apache.flink.runtime.rest.messages.JobCancellationHeaders;
import org.apache.flink.runtime.rest.messages.JobExceptionsHeaders;
import org.apache.flink.runtime.rest.messages.JobIDPathParameter;
import org.apache.flink.runtime.rest.messages.JobsOverviewHeaders;
import org.apache.flink.runtime.rest.messages.MessageHeaders;
import org.apache.flink.runtime.rest.messages.MessageParameters;
import org.apache.flink.runtime.rest.messages.RequestBody;
import org.apache.flink.runtime.rest.messages.ResponseBody;
import org.apache.flink.runtime.rest.messages.TriggerId;
import org.apache.flink.runtime.rest.messages.TriggerIdPathParameter;
import org.apache.flink.runtime.rest.messages.checkpoints.CheckpointConfigHeaders;
import org.apache.flink.runtime.rest.messages.checkpoints.CheckpointConfigInfo;
import org.apache.flink.runtime.rest.messages.checkpoints.CheckpointingStatisticsHeaders;
import org.apache.flink.runtime.rest.messages.job.JobDetailsHeaders;
import org.apache.flink.runtime.rest.messages.job.savepoints.SavepointDisposalStatusHeaders;
import org.apache.flink.runtime.rest.messages.job.savepoints.SavepointDisposalTriggerHeaders;
import org.apache.flink.runtime.rest.messages.job.savepoints.SavepointInfo;
import org.apache.flink.runtime.rest.messages.job.savepoints.SavepointStatusHeaders;
import org.apache.flink.runtime.rest.messages.job.savepoints.SavepointTriggerHeaders;
import org.apache.flink.runtime.rest.messages.job.savepoints.stop.StopWithSavepointTriggerHeaders;
import org.apache.flink.runtime.rest.util.TestRestServerEndpoint;
import org.apache.flink.runtime.webmonitor.RestfulGateway;
import org.apache.flink.runtime.webmonitor.TestingRestfulGateway;
import org.apache.flink.runtime.webmonitor.handlers.JarDeleteHeaders;
import org.apache.flink.runtime.webmonitor.handlers.JarRunHeaders;
import org.apache.flink.runtime.webmonitor.handlers.JarRunRequestBody;
import org.apache.flink.runtime.webmonitor.handlers.JarRunResponseBody;
import org.apache.flink.runtime.webmonitor.handlers.JarUploadHeaders;
import org.apache.flink.runtime.webmonitor.handlers.JarUploadResponseBody;
import org.apache.flink.shaded.netty4.io.netty.channel.ChannelHandlerContext;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpRequest;
import org.apache.flink.shaded.netty4.io.netty.handler.codec.http.HttpResponseStatus;
import org.apache.flink.util.SerializedThrowable;

/** A Flink REST endpoint that answers with Flink's own messages. Its jobs behave as the test sets. */
final class StubCluster implements AutoCloseable {

    /** How the next job behaves. */
    enum Behavior {
        RUNS,
        /** Main fails. */
        REFUSED,
        /** The job is submitted, and the connection is lost before the answer. */
        UNANSWERED,
        /** A proxy gives up. Main continues, and the job is submitted later. */
        SUBMITTED_LATE,
        /** The JobManager fails after it has accepted the job, and another one recovers the job. */
        SUBMITTED_BUT_REFUSED,
        /** It fails before its first checkpoint. */
        FAILS,
        /** It fails, and the JobManager can no longer answer. */
        FAILS_AND_CLUSTER_UNAVAILABLE,
        /** It completes a checkpoint and fails. */
        FAILS_AFTER_CHECKPOINT,
        /** It completes a checkpoint and fails, and another JobManager, whose counts begin at zero, recovers it. */
        FAILS_AFTER_CHECKPOINT_AND_FAILOVER,
        /** Its tasks stay INITIALIZING. */
        LOADS
    }

    /** The requests that change something, in order, with what matters of them. */
    final List<String> requests = new CopyOnWriteArrayList<>();

    final Deque<Behavior> nextJobs = new ArrayDeque<>();
    final Configuration configuration = new Configuration();
    int slots = 4;
    /** Why a savepoint fails; null if it succeeds. */
    String savepointFailure;
    /** Whether running jobs delete their checkpoints when they are cancelled. */
    boolean deletesCheckpoints;
    /** Whether a job that is stopped completes its savepoint and then fails. */
    boolean failsDuringStop;
    /** How many more requests a JobManager cannot answer that recovers its jobs. */
    int unavailableRequests;
    /** Whether the answer to the next stop is lost. */
    boolean losesNextAnswer;
    /** The folder for savepoints; empty if the cluster has none. */
    String folder = "file:/savepoints";

    private final TestRestServerEndpoint server;
    private final String scheme;
    private final int port;
    private final Map<JobID, StubJob> jobs = new LinkedHashMap<>();
    private final Map<TriggerId, SavepointInfo> savepoints = new HashMap<>();
    private int savepointCount;
    private long clock;

    StubCluster() throws Exception {
        this(new Configuration());
    }

    /** @param endpoint settings of the endpoint itself, such as TLS */
    StubCluster(Configuration endpoint) throws Exception {
        configuration.set(CoreOptions.DEFAULT_PARALLELISM, 2);
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofSeconds(2));
        configuration.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        configuration.set(RestOptions.CACHE_CHECKPOINT_STATISTICS_TIMEOUT, Duration.ofMillis(1));
        configuration.set(WebOptions.REFRESH_INTERVAL, Duration.ofMillis(1));
        endpoint.set(RestOptions.ADDRESS, "localhost");
        endpoint.set(RestOptions.BIND_PORT, "0");
        Path uploads = Files.createTempDirectory("stub-cluster");
        uploads.toFile().deleteOnExit();
        endpoint.set(WebOptions.UPLOAD_DIR, uploads.toString());
        scheme = SecurityOptions.isRestSSLEnabled(endpoint) ? "https" : "http";
        server = TestRestServerEndpoint.builder(endpoint)
                .withHandler(handler(ClusterOverviewHeaders.getInstance(), request -> overview()))
                .withHandler(handler(
                        ClusterConfigurationInfoHeaders.getInstance(),
                        request -> ConfigurationInfo.from(configuration)))
                .withHandler(handler(
                        JobsOverviewHeaders.getInstance(),
                        request -> new MultipleJobsDetails(jobs.values().stream()
                                .filter(job -> job.hiddenRequests <= 0)
                                .map(StubJob::overview)
                                .toList())))
                .withHandler(handler(JarUploadHeaders.getInstance(), request -> {
                    requests.add("upload");
                    return new JarUploadResponseBody("/tmp/web/1_a.jar");
                }))
                .withHandler(handler(JarDeleteHeaders.getInstance(), request -> {
                    requests.add("delete");
                    return EmptyResponseBody.getInstance();
                }))
                .withHandler(handler(JarRunHeaders.getInstance(), request -> run(request.getRequestBody())))
                .withHandler(handler(SavepointDisposalTriggerHeaders.getInstance(), request -> {
                    requests.add("dispose " + request.getRequestBody().getSavepointPath());
                    return new TriggerResponse(new TriggerId());
                }))
                .withHandler(handler(
                        SavepointDisposalStatusHeaders.getInstance(),
                        request -> AsynchronousOperationResult.completed(AsynchronousOperationInfo.complete())))
                .withHandler(handler(
                        JobDetailsHeaders.getInstance(), request -> job(request).details()))
                .withHandler(handler(JobCancellationHeaders.getInstance(), request -> {
                    requests.add("cancel");
                    job(request).status = JobStatus.CANCELED;
                    return EmptyResponseBody.getInstance();
                }))
                .withHandler(handler(
                        JobExceptionsHeaders.getInstance(),
                        request -> job(request).exceptions(++clock)))
                .withHandler(handler(CheckpointConfigHeaders.getInstance(), request -> checkpointConfig()))
                .withHandler(handler(
                        CheckpointingStatisticsHeaders.getInstance(),
                        request -> job(request).checkpoints()))
                .withHandler(handler(SavepointTriggerHeaders.getInstance(), request -> {
                    var body = request.getRequestBody();
                    requests.add("savepoint " + body.getFormatType());
                    return savepoint(
                            job(request),
                            false,
                            body.getTriggerId().orElseGet(TriggerId::new),
                            body.getTargetDirectory().orElse(folder));
                }))
                .withHandler(handler(StopWithSavepointTriggerHeaders.getInstance(), request -> {
                    var body = request.getRequestBody();
                    requests.add("stop " + body.getFormatType());
                    return savepoint(
                            job(request),
                            true,
                            body.getTriggerId().orElseGet(TriggerId::new),
                            body.getTargetDirectory().orElse(folder));
                }))
                .withHandler(handler(
                        SavepointStatusHeaders.getInstance(),
                        request -> AsynchronousOperationResult.completed(
                                savepoints.get(request.getPathParameter(TriggerIdPathParameter.class)))))
                .buildAndStart();
        port = server.getServerAddress().getPort();
    }

    String url() {
        return scheme + "://localhost:" + port();
    }

    int port() {
        return port;
    }

    /** Starts a job by other means than the commands. */
    String submitElsewhere() {
        JobID id = JobID.fromHexString("e".repeat(32));
        jobs.put(id, new StubJob(id, 1, Behavior.RUNS));
        return id.toString();
    }

    /** The job that runs. */
    String running() {
        return jobs.values().stream()
                .filter(StubJob::isRunning)
                .map(job -> job.id.toString())
                .findFirst()
                .orElse("none");
    }

    /** The running job is stopped, or writes a savepoint, by other means than the commands. */
    void takeSavepoint(boolean stops) {
        takeSavepoint(jobs.get(JobID.fromHexString(running())), stops, folder);
    }

    /** From now on the running job fails and restarts. */
    void failRunningJob(String cause) {
        jobs.get(JobID.fromHexString(running())).failure = cause;
    }

    /** The job is not submitted yet. */
    void hide(String id) {
        jobs.get(JobID.fromHexString(id)).hiddenRequests = Integer.MAX_VALUE;
    }

    void show(String id) {
        jobs.get(JobID.fromHexString(id)).hiddenRequests = 0;
    }

    /** Another JobManager recovers the running job. */
    void failOver() {
        jobs.get(JobID.fromHexString(running())).failOver();
    }

    /** The JobManager is restarted and knows no job. */
    void forgetJobs() {
        jobs.clear();
    }

    /** The last start of a job. */
    String lastStart() {
        List<String> starts =
                requests.stream().filter(request -> request.startsWith("run")).toList();
        return starts.get(starts.size() - 1);
    }

    /** The answer to one kind of request. */
    private interface Answer<R extends RequestBody, P extends ResponseBody> {
        P to(HandlerRequest<R> request) throws Exception;
    }

    /** The connection is closed without an answer. */
    private static final class LostAnswer extends RuntimeException {}

    private <R extends RequestBody, P extends ResponseBody, M extends MessageParameters>
            AbstractRestHandler<RestfulGateway, R, P, M> handler(MessageHeaders<R, P, M> headers, Answer<R, P> answer) {
        RestfulGateway gateway = new TestingRestfulGateway.Builder().build();
        return new AbstractRestHandler<>(
                () -> CompletableFuture.completedFuture(gateway), Duration.ofSeconds(10), Map.of(), headers) {
            @Override
            protected CompletableFuture<Void> respondToRequest(
                    ChannelHandlerContext ctx, HttpRequest http, HandlerRequest<R> request, RestfulGateway gateway) {
                try {
                    return super.respondToRequest(ctx, http, request, gateway);
                } catch (LostAnswer e) {
                    ctx.close();
                    return CompletableFuture.completedFuture(null);
                }
            }

            @Override
            protected CompletableFuture<P> handleRequest(HandlerRequest<R> request, RestfulGateway gateway) {
                synchronized (StubCluster.this) {
                    try {
                        return CompletableFuture.completedFuture(answer.to(request));
                    } catch (LostAnswer e) {
                        throw e;
                    } catch (Exception e) {
                        return CompletableFuture.failedFuture(e);
                    }
                }
            }
        };
    }

    private StubJob job(HandlerRequest<?> request) throws Exception {
        if (unavailableRequests > 0) {
            unavailableRequests--;
            throw new UnavailableDispatcherOperationException("Unable to get JobMasterGateway for initializing job. The"
                    + " requested operation is not available while the JobManager is initializing.");
        }
        JobID id = request.getPathParameter(JobIDPathParameter.class);
        StubJob job = jobs.get(id);
        if (job == null || job.hiddenRequests-- > 0) {
            throw new RestHandlerException(
                    "Job could not be found.", HttpResponseStatus.NOT_FOUND, new FlinkJobNotFoundException(id));
        }
        return job;
    }

    private ClusterOverviewWithVersion overview() {
        int used = jobs.values().stream()
                .filter(StubJob::isRunning)
                .mapToInt(job -> job.parallelism)
                .sum();
        return new ClusterOverviewWithVersion(2, slots, slots - used, 0, 0, 0, 0, 0, 0, "2.2.1", "0");
    }

    private JarRunResponseBody run(JarRunRequestBody body) throws RestHandlerException {
        Behavior behavior = nextJobs.isEmpty() ? Behavior.RUNS : nextJobs.pop();
        String savepoint = body.getSavepointPath();
        requests.add("run at " + body.getParallelism() + " from " + (savepoint == null ? "nothing" : savepoint) + ": "
                + String.join(" ", body.getProgramArgumentsList())
                + (Boolean.TRUE.equals(body.getAllowNonRestoredState()) ? ", non-restored state is allowed" : ""));
        if (behavior == Behavior.REFUSED) {
            var refusal = new SettingsException("kafka.topics.trades", "there is no topic nowhere");
            throw new RestHandlerException("Could not execute application.", HttpResponseStatus.BAD_REQUEST, refusal);
        }
        var job = new StubJob(body.getJobId(), body.getParallelism(), behavior);
        job.restored = savepoint;
        jobs.put(job.id, job);
        switch (behavior) {
            case FAILS_AFTER_CHECKPOINT_AND_FAILOVER -> job.failOver();
            case SUBMITTED_LATE -> {
                job.hiddenRequests = 3;
                throw new RestHandlerException("no answer in time", HttpResponseStatus.GATEWAY_TIMEOUT);
            }
            case SUBMITTED_BUT_REFUSED ->
                throw new RestHandlerException("Process has been closed", HttpResponseStatus.BAD_REQUEST);
            case FAILS_AND_CLUSTER_UNAVAILABLE -> unavailableRequests = Integer.MAX_VALUE;
            case UNANSWERED -> throw new LostAnswer();
            default -> {}
        }
        return new JarRunResponseBody(job.id);
    }

    private TriggerResponse savepoint(StubJob job, boolean stops, TriggerId trigger, String target)
            throws RestHandlerException {
        if (target.isEmpty()) {
            throw new RestHandlerException(
                    "Config key [execution.checkpointing.savepoint-dir] is not set.", HttpResponseStatus.BAD_REQUEST);
        }
        if (!savepoints.containsKey(trigger)) {
            savepoints.put(trigger, takeSavepoint(job, stops, target));
        }
        if (losesNextAnswer) {
            losesNextAnswer = false;
            throw new LostAnswer();
        }
        return new TriggerResponse(trigger);
    }

    private SavepointInfo takeSavepoint(StubJob job, boolean stops, String target) {
        if (savepointFailure != null) {
            return failed(savepointFailure);
        }
        job.savepoint = target + "/savepoint-" + ++savepointCount;
        job.isStopped = stops;
        if (stops && failsDuringStop) {
            job.status = JobStatus.FAILED;
            return failed("a task was lost while it finished");
        }
        job.status = stops ? JobStatus.FINISHED : JobStatus.RUNNING;
        return new SavepointInfo(job.savepoint, null);
    }

    private static SavepointInfo failed(String cause) {
        return new SavepointInfo(null, new SerializedThrowable(new IOException(cause)));
    }

    @Override
    public void close() throws Exception {
        server.close();
    }

    private CheckpointConfigInfo checkpointConfig() {
        return new CheckpointConfigInfo(
                CheckpointConfigInfo.ProcessingMode.EXACTLY_ONCE,
                1_000,
                60_000,
                0,
                1,
                new CheckpointConfigInfo.ExternalizedCheckpointInfo(true, deletesCheckpoints),
                "rocksdb",
                "filesystem",
                false,
                0,
                0,
                true,
                false,
                0,
                "memory");
    }
}
