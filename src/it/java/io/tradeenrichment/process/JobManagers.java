package io.tradeenrichment.process;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.apache.flink.configuration.WebOptions;

/** The JobManagers of a cluster: a leader and, with high availability, standbys. */
final class JobManagers implements AutoCloseable {
    private final FlinkDistribution flink;
    private final EntryPoint entryPoint;
    private final NavigableMap<Integer, JobManager> running = new TreeMap<>();
    private int last;

    private record JobManager(RealProcess process, int webPort) {
        boolean answers() throws InterruptedException {
            return new FlinkRest(this::webPort).answers();
        }
    }

    JobManagers(FlinkDistribution flink, EntryPoint entryPoint) {
        this.flink = flink;
        this.entryPoint = entryPoint;
    }

    /**
     * Starts one more JobManager.
     *
     * @param properties dynamic properties, {@code -Dkey=value}
     */
    void start(int webPort, List<String> properties) throws Exception {
        String name = ++last == 1 ? "jobmanager" : "jobmanager-" + last;
        List<String> arguments = new ArrayList<>(
                List.of("-Drest.port=" + webPort, "-D" + WebOptions.LOG_PATH.key() + "=" + flink.log(name)));
        arguments.addAll(properties);
        arguments.addAll(entryPoint.arguments());
        RealProcess process = flink.start(name, "GET_JM_RESOURCE_PARAMS", entryPoint.main(), arguments);
        running.put(last, new JobManager(process, webPort));
    }

    /** Returns when each answers; a standby forwards to the leader. */
    void awaitReady() {
        running.values().forEach(jobManager -> jobManager.process().awaitReady(jobManager::answers));
    }

    /** The port of the JobManager that was started first. */
    int webPort() {
        return first().webPort();
    }

    /** The process of the JobManager that was started first. */
    RealProcess process() {
        return first().process();
    }

    private JobManager first() {
        return running.values().stream()
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no JobManager is running"));
    }

    /** Kills the JobManager that was started first. */
    void killFirst() throws InterruptedException {
        running.pollFirstEntry().getValue().process().close();
    }

    @Override
    public void close() throws InterruptedException {
        for (JobManager jobManager : running.values()) {
            jobManager.process().close();
        }
    }
}
