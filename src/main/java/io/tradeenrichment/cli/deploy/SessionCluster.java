package io.tradeenrichment.cli.deploy;

import io.tradeenrichment.cli.deploy.ClusterException.Kind;
import io.tradeenrichment.settings.DurationText;
import io.tradeenrichment.settings.SettingsException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.client.ClientUtils;
import org.apache.flink.client.program.rest.RestClusterClient;
import org.apache.flink.client.program.rest.UrlPrefixDecorator;
import org.apache.flink.configuration.ConfigConstants;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.rest.FileUpload;
import org.apache.flink.runtime.rest.RestClient;
import org.apache.flink.runtime.rest.messages.ClusterConfigurationInfoHeaders;
import org.apache.flink.runtime.rest.messages.ConfigurationInfoEntry;
import org.apache.flink.runtime.rest.messages.ConversionException;
import org.apache.flink.runtime.rest.messages.CustomHeadersDecorator;
import org.apache.flink.runtime.rest.messages.EmptyMessageParameters;
import org.apache.flink.runtime.rest.messages.EmptyRequestBody;
import org.apache.flink.runtime.rest.messages.MessageHeaders;
import org.apache.flink.runtime.rest.messages.MessageParameters;
import org.apache.flink.runtime.rest.messages.RequestBody;
import org.apache.flink.runtime.rest.messages.ResponseBody;
import org.apache.flink.runtime.rest.util.RestClientException;
import org.apache.flink.runtime.rest.util.RestConstants;
import org.apache.flink.runtime.webmonitor.handlers.JarDeleteHeaders;
import org.apache.flink.runtime.webmonitor.handlers.JarIdPathParameter;
import org.apache.flink.runtime.webmonitor.handlers.JarRunHeaders;
import org.apache.flink.runtime.webmonitor.handlers.JarRunRequestBody;
import org.apache.flink.runtime.webmonitor.handlers.JarUploadHeaders;
import org.apache.flink.runtime.webmonitor.handlers.JarUploadResponseBody;
import org.apache.flink.util.ExceptionUtils;

/** A Flink session cluster, accessed by Flink's REST client. Used by one thread. */
final class SessionCluster implements AutoCloseable {
    /** Longest time until main has submitted the job: it first waits for Kafka and the registry, until their timeouts. */
    static final Duration MAIN_TIMEOUT = Duration.ofMinutes(2);

    /** How long a JobManager keeps a job that has ended: the default of jobstore.expiration-time. */
    static final Duration JOB_STORE_EXPIRATION = Duration.ofHours(1);

    private final String address;
    private final Duration timeout;
    private final Duration startTimeout;
    private final Configuration configuration;
    private final RestClusterClient<String> client;
    /** RestClusterClient uploads no jars. */
    private final RestClient uploads;

    SessionCluster(DeployConfig config) {
        address = config.cluster();
        timeout = config.answerTimeout();
        startTimeout = config.startTimeout();
        configuration = new Configuration(config.client());
        // Requests are repeated here: Flink's client would repeat the start of a job too, and gives up at status 500.
        configuration.set(RestOptions.RETRY_MAX_ATTEMPTS, 0);
        configuration.set(RestOptions.CONNECTION_TIMEOUT, timeout);
        configuration.set(RestOptions.AWAIT_LEADER_TIMEOUT, timeout);
        configuration.set(RestOptions.IDLENESS_TIMEOUT, timeout.plus(startTimeout));
        try {
            client = new RestClusterClient<>(configuration, address);
            uploads = new RestClient(configuration, Runnable::run);
        } catch (Exception e) {
            throw new SettingsException(
                    DeployOptions.CONFIG.key(),
                    "the Flink configuration cannot be used: " + RootCause.in(ExceptionUtils.stringifyException(e)));
        }
    }

    /** For the user; fails if the cluster does not answer. */
    String overview() throws IOException, InterruptedException {
        var overview = request(RestClusterClient::getClusterOverview);
        return address + ", Flink " + overview.getVersion() + ", " + overview.getNumTaskManagersConnected()
                + " TaskManagers, " + overview.getNumSlotsAvailable() + " of " + overview.getNumSlotsTotal()
                + " slots free";
    }

    String webPage(String job) {
        return client.getWebInterfaceURL() + configuration.get(RestOptions.PATH) + "/#/job/running/" + job
                + "/overview";
    }

    RunningJob job(String id) {
        return new RunningJob(this, id);
    }

    /** The jobs with this name that have not ended. */
    List<RunningJob> running(String name) throws IOException, InterruptedException {
        return request(RestClusterClient::listJobs).stream()
                .filter(job ->
                        job.getJobName().equals(name) && !job.getJobState().isGloballyTerminalState())
                .map(job -> job(job.getJobId().toString()))
                .toList();
    }

    /** The cluster's configuration. */
    Configuration configuration() throws IOException, InterruptedException {
        Map<String, String> entries =
                request(ClusterConfigurationInfoHeaders.getInstance(), EmptyRequestBody.getInstance()).stream()
                        .collect(Collectors.toMap(ConfigurationInfoEntry::getKey, ConfigurationInfoEntry::getValue));
        return Configuration.fromMap(entries);
    }

    /** The cluster answers from caches. After this wait, its answers are newer than the call. */
    void awaitFreshAnswers() throws IOException, InterruptedException {
        Configuration cluster = configuration();
        Thread.sleep(Math.max(
                cluster.get(RestOptions.CACHE_CHECKPOINT_STATISTICS_TIMEOUT).toMillis(),
                cluster.get(WebOptions.REFRESH_INTERVAL).toMillis()));
    }

    /**
     * Checks that the cluster has the slots for a job, unless it starts TaskManagers on demand.
     *
     * @param freed slots that another job releases first
     */
    void checkSlots(int parallelism, int freed) throws IOException, InterruptedException {
        int free = request(RestClusterClient::getClusterOverview).getNumSlotsAvailable() + freed;
        String target = configuration().get(DeploymentOptions.TARGET, "");
        if (parallelism > free && !target.startsWith("kubernetes") && !target.startsWith("yarn")) {
            throw new IOException("parallelism " + parallelism + " needs " + parallelism + " slots, but " + address
                    + " has " + free + " for this job; add TaskManagers, or set a lower parallelism");
        }
    }

    /** @return the id of the jar on the cluster */
    String upload(Path jar) throws IOException, InterruptedException {
        var headers = new CustomHeadersDecorator<>(
                new UrlPrefixDecorator<>(JarUploadHeaders.getInstance(), configuration.get(RestOptions.PATH)));
        headers.setCustomHeaders(
                ClientUtils.readHeadersFromEnvironmentVariable(ConfigConstants.FLINK_REST_CLIENT_HEADERS));
        Request<JarUploadResponseBody> upload = flink -> {
            URL leader;
            try {
                leader = new URL(flink.getWebInterfaceURL());
            } catch (MalformedURLException e) {
                // No JobManager leads at this moment: not answered, so the request is repeated.
                return CompletableFuture.failedFuture(e);
            }
            return uploads.sendRequest(
                    leader.getHost(),
                    leader.getPort(),
                    headers,
                    EmptyMessageParameters.getInstance(),
                    EmptyRequestBody.getInstance(),
                    List.of(new FileUpload(jar, RestConstants.CONTENT_TYPE_JAR)));
        };
        return Path.of(repeat(upload, startTimeout).getFilename()).getFileName().toString();
    }

    /**
     * Runs main of an uploaded jar. The request is not repeated.
     *
     * @throws ClusterException with main's own sentence if it fails; the job may have been submitted nevertheless
     */
    void run(String jarId, String job, JobVersion version, RestoreSettings restore)
            throws IOException, InterruptedException {
        var body = new JarRunRequestBody(
                null,
                version.arguments(),
                version.parallelism(),
                JobID.fromHexString(job),
                restore.allowNonRestoredState(),
                restore.path(),
                null,
                null,
                null);
        JarRunHeaders headers = JarRunHeaders.getInstance();
        send(flink -> flink.sendRequest(headers, resolved(headers, JarIdPathParameter.KEY, jarId), body), startTimeout);
    }

    /** Deletes an uploaded jar. If this fails, the jar stays on the web UI's submit page and does no harm. */
    void delete(String jarId) throws IOException, InterruptedException {
        try {
            request(JarDeleteHeaders.getInstance(), EmptyRequestBody.getInstance(), JarIdPathParameter.KEY, jarId);
        } catch (ClusterException e) {
            // The caller has no use for it.
        }
    }

    /** A request to the leading JobManager. */
    interface Request<T> {
        CompletableFuture<T> send(RestClusterClient<String> flink) throws IOException;
    }

    /** Sends a request that may be repeated, until it is answered or {@code cluster.timeout} is over. */
    <R extends RequestBody, P extends ResponseBody, M extends MessageParameters> P request(
            MessageHeaders<R, P, M> headers, R body, String... parameters) throws IOException, InterruptedException {
        return request(flink -> flink.sendRequest(headers, resolved(headers, parameters), body));
    }

    /** Returns when the files are deleted. */
    void disposeSavepoint(String savepoint, Duration longestAnswer) throws IOException, InterruptedException {
        repeat(flink -> flink.disposeSavepoint(savepoint), longestAnswer);
    }

    <T> T request(Request<T> request) throws IOException, InterruptedException {
        return repeat(request, timeout);
    }

    private <T> T repeat(Request<T> request, Duration longestAnswer) throws IOException, InterruptedException {
        PollDeadline deadline = new PollDeadline(timeout);
        while (true) {
            try {
                return send(request, longestAnswer);
            } catch (ClusterException e) {
                if (!e.isUnanswered() || e.kind() == Kind.UNTRUSTED || deadline.isOver()) {
                    throw e;
                }
            }
            deadline.pause();
        }
    }

    private <T> T send(Request<T> request, Duration longestAnswer) throws IOException, InterruptedException {
        try {
            return request.send(client).get(longestAnswer.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new ClusterException(Kind.UNANSWERED, noAnswer("no answer within " + DurationText.of(longestAnswer)));
        } catch (ExecutionException e) {
            throw failure(ExceptionUtils.stripExecutionException(e));
        }
    }

    private ClusterException failure(Throwable cause) {
        Optional<RestClientException> answer = ExceptionUtils.findThrowable(cause, RestClientException.class);
        if (answer.isPresent()) {
            return refusal(
                    answer.get().getHttpResponseStatus().code(),
                    String.valueOf(answer.get().getMessage()));
        }
        String reason = RootCause.in(ExceptionUtils.stringifyException(cause));
        if (ExceptionUtils.findThrowable(cause, SSLException.class).isPresent()) {
            return new ClusterException(
                    Kind.UNTRUSTED,
                    "no TLS connection to the cluster at " + address + ": " + reason + "; the certificate must be in"
                            + " security.ssl.rest.truststore of the config.yaml in --" + DeployOptions.CONFIG.key());
        }
        boolean isUnreachable =
                ExceptionUtils.findThrowable(cause, ConnectException.class).isPresent()
                        || ExceptionUtils.findThrowable(cause, UnknownHostException.class)
                                .isPresent();
        return new ClusterException(isUnreachable ? Kind.UNREACHABLE : Kind.UNANSWERED, noAnswer(reason));
    }

    private ClusterException refusal(int status, String message) {
        if (status >= 500) {
            // A JobManager is being elected, or has not recovered the job yet.
            return new ClusterException(
                    Kind.UNANSWERED, "the cluster at " + address + " cannot answer: " + RootCause.in(message));
        }
        if (message.startsWith("Response was ")) {
            return new ClusterException(Kind.REFUSED, address + " is not the REST endpoint of a Flink cluster");
        }
        return new ClusterException(status == 404 ? Kind.NOT_FOUND : Kind.REFUSED, RootCause.in(message));
    }

    private String noAnswer(String reason) {
        return "the cluster at " + address + " does not answer: " + reason;
    }

    /** @param values key and value of each parameter; Flink's classes keep most parameters private */
    private static <M extends MessageParameters> M resolved(MessageHeaders<?, ?, M> headers, String... values)
            throws IOException {
        M parameters = headers.getUnresolvedMessageParameters();
        for (int i = 0; i < values.length; i += 2) {
            String key = values[i];
            try {
                Stream.concat(parameters.getPathParameters().stream(), parameters.getQueryParameters().stream())
                        .filter(parameter -> parameter.getKey().equals(key))
                        .findFirst()
                        .orElseThrow()
                        .resolveFromString(values[i + 1]);
            } catch (ConversionException e) {
                throw new IOException(e);
            }
        }
        return parameters;
    }

    @Override
    public void close() {
        client.close();
        uploads.shutdown(Duration.ofSeconds(1));
    }
}
