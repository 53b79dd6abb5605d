package io.tradeenrichment.cli.deploy;

import io.tradeenrichment.cli.deploy.ClusterException.Kind;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.time.Deadline;
import org.apache.flink.client.ClientUtils;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.client.program.rest.UrlPrefixDecorator;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigConstants;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.rest.FileUpload;
import org.apache.flink.runtime.rest.RestClient;
import org.apache.flink.runtime.rest.messages.ClusterConfigurationInfoHeaders;
import org.apache.flink.runtime.rest.messages.CustomHeadersDecorator;
import org.apache.flink.runtime.rest.messages.EmptyMessageParameters;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.util.RestClientException;
import org.apache.flink.runtime.rest.util.RestConstants;
import org.apache.flink.runtime.webmonitor.handlers.JarDeleteHeaders;
import org.apache.flink.runtime.webmonitor.handlers.JarRunHeaders;
import org.apache.flink.runtime.webmonitor.handlers.JarRunRequestBody;
import org.apache.flink.runtime.webmonitor.handlers.JarUploadHeaders;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.SerializedThrowable;

/** A Flink session cluster, accessed by Flink's REST client. Used by one thread. */
final class SessionCluster implements AutoCloseable {
    /** Longest time until main has submitted the job: it first waits for Kafka and the registry, until their timeouts. */
    static final Duration MAIN_TIMEOUT = Duration.ofMinutes(2);

    static final EmptyRequestBody EMPTY = EmptyRequestBody.getInstance();
    private static final EmptyMessageParameters NONE = EmptyMessageParameters.getInstance();

    private final DeployConfig config;
    private final RestClusterClient<String> client;
    /** RestClusterClient uploads no jars. */
    private final RestClient uploads;

    SessionCluster(DeployConfig config) {
        this.config = config;
        Configuration flink = new Configuration(config.client());
        // Requests are repeated here: Flink's client would repeat the start of a job too, and gives up at status 500.
        flink.set(RestOptions.RETRY_MAX_ATTEMPTS, 0);
        flink.set(RestOptions.CONNECTION_TIMEOUT, config.answerTimeout());
        flink.set(RestOptions.AWAIT_LEADER_TIMEOUT, config.answerTimeout());
        flink.set(RestOptions.IDLENESS_TIMEOUT, config.answerTimeout().plus(config.startTimeout()));
        try {
            client = new RestClusterClient<>(flink, config.cluster());
            uploads = new RestClient(flink, Runnable::run);
        } catch (Exception e) {
            throw DeployConfig.refused(
                    DeployOptions.CONFIG,
                    "or cluster.url cannot be used: " + RootCause.in(ExceptionUtils.stringifyException(e)));
        }
    }

    /** For the user; fails if the cluster does not answer. */
    String overview() throws IOException, InterruptedException {
        var overview = request(RestClusterClient::getClusterOverview);
        return config.cluster() + ", Flink " + overview.getVersion() + ", " + overview.getNumSlotsAvailable() + " of "
                + overview.getNumSlotsTotal() + " slots free";
    }

    RunningJob job(String id) {
        return new RunningJob(this, JobID.fromHexString(id));
    }

    /** The jobs with this name that have not ended. */
    List<String> running(String name) throws IOException, InterruptedException {
        return request(RestClusterClient::listJobs).stream()
                .filter(job ->
                        job.getJobName().equals(name) && !job.getJobState().isGloballyTerminalState())
                .map(job -> job.getJobId().toString())
                .toList();
    }

    Configuration configuration() throws IOException, InterruptedException {
        Configuration cluster = new Configuration();
        request(client -> client.sendRequest(ClusterConfigurationInfoHeaders.getInstance(), NONE, EMPTY))
                .forEach(entry -> cluster.setString(entry.getKey(), entry.getValue()));
        return cluster;
    }

    /** @throws IOException if a job on this cluster has no checkpoints, or loses them when it is cancelled */
    void requireRetainedCheckpoints() throws IOException, InterruptedException {
        var interval = CheckpointingOptions.CHECKPOINTING_INTERVAL;
        var retention = CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION;
        var retain = ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION;
        Configuration cluster = configuration();
        if (!cluster.contains(interval) || cluster.get(retention) != retain) {
            throw new IOException("the cluster takes no checkpoints, or deletes those of a cancelled job, so a rollback"
                    + " could lose state. Nothing was changed; set " + interval.key() + ", and " + retention.key()
                    + ": "
                    + retain);
        }
    }

    /** The cluster answers from caches. After this wait, its answers are newer than the call. */
    void awaitFreshAnswers() throws IOException, InterruptedException {
        Configuration cluster = configuration();
        Duration statistics = cluster.get(RestOptions.CACHE_CHECKPOINT_STATISTICS_TIMEOUT);
        Thread.sleep(Math.max(
                statistics.toMillis(), cluster.get(WebOptions.REFRESH_INTERVAL).toMillis()));
    }

    /** @return the id of the jar on the cluster */
    String upload(Path jar) throws IOException, InterruptedException {
        var headers = new CustomHeadersDecorator<>(new UrlPrefixDecorator<>(
                JarUploadHeaders.getInstance(), config.client().get(RestOptions.PATH)));
        headers.setCustomHeaders(
                ClientUtils.readHeadersFromEnvironmentVariable(ConfigConstants.FLINK_REST_CLIENT_HEADERS));
        var files = List.of(new FileUpload(jar, RestConstants.CONTENT_TYPE_JAR));
        var answer = request(
                client -> {
                    // While no JobManager leads, this is no URL, and the request is repeated.
                    URL leader = new URL(client.getWebInterfaceURL());
                    return uploads.sendRequest(leader.getHost(), leader.getPort(), headers, NONE, EMPTY, files);
                },
                config.startTimeout());
        return Path.of(answer.getFilename()).getFileName().toString();
    }

    /** @throws ClusterException with the sentence of main, if it fails; the job may have been submitted nevertheless */
    void run(String jarId, Deployment deployment, boolean allowNonRestoredState)
            throws IOException, InterruptedException {
        var headers = JarRunHeaders.getInstance();
        var parameters = headers.getUnresolvedMessageParameters();
        parameters.jarIdPathParameter.resolve(jarId);
        var version = deployment.version();
        JobID job = JobID.fromHexString(deployment.job());
        String state = deployment.restoredFrom();
        var body = new JarRunRequestBody(
                null, version.arguments(), version.parallelism(), job, allowNonRestoredState, state, null, null, null);
        send(client -> client.sendRequest(headers, parameters, body), config.startTimeout());
    }

    /** Deletes an uploaded jar. If this fails, the jar stays on the web UI's submit page and does no harm. */
    void delete(String jarId) throws IOException, InterruptedException {
        var headers = JarDeleteHeaders.getInstance();
        var parameters = headers.getUnresolvedMessageParameters();
        parameters.jarIdPathParameter.resolve(jarId);
        try {
            request(client -> client.sendRequest(headers, parameters, EMPTY));
        } catch (ClusterException e) {
            // The caller has no use for it.
        }
    }

    /** A request to the leading JobManager. */
    interface Request<T> {
        CompletableFuture<T> send(RestClusterClient<String> client) throws IOException;
    }

    /** Repeats a request until it is answered, or {@code cluster.timeout} is over. One answer may take the longest time. */
    <T> T request(Request<T> request) throws IOException, InterruptedException {
        return request(request, config.answerTimeout());
    }

    <T> T request(Request<T> request, Duration longestAnswer) throws IOException, InterruptedException {
        Deadline deadline = Deadline.fromNow(config.answerTimeout());
        while (true) {
            try {
                return send(request, longestAnswer);
            } catch (ClusterException e) {
                if (e.kind != Kind.UNANSWERED || deadline.isOverdue()) {
                    throw e;
                }
            }
            Thread.sleep(100);
        }
    }

    /** Sends a request once. */
    <T> T send(Request<T> request, Duration longestAnswer) throws IOException, InterruptedException {
        try {
            return request.send(client).get(longestAnswer.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException | IOException e) {
            throw failure(e);
        }
    }

    private ClusterException failure(Exception failure) {
        Optional<RestClientException> answer = ExceptionUtils.findThrowable(failure, RestClientException.class);
        boolean isResult =
                ExceptionUtils.findThrowable(failure, SerializedThrowable.class).isPresent();
        String text = answer.map(Throwable::getMessage).orElseGet(() -> ExceptionUtils.stringifyException(failure));
        int status = answer.map(error -> error.getHttpResponseStatus().code()).orElse(isResult ? 400 : 500);
        if (status >= 500) {
            // Also if a JobManager is being elected, or has not recovered the job yet.
            return new ClusterException(
                    Kind.UNANSWERED, "the cluster at " + config.cluster() + " does not answer: " + RootCause.in(text));
        }
        if (text.startsWith("Response was ")) {
            return new ClusterException(
                    Kind.REFUSED, config.cluster() + " is not the REST endpoint of a Flink cluster");
        }
        return new ClusterException(status == 404 ? Kind.NOT_FOUND : Kind.REFUSED, RootCause.in(text));
    }

    @Override
    public void close() {
        client.close();
        uploads.shutdown(Duration.ofSeconds(1));
    }
}
