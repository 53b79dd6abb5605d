package io.tradeenrichment.process;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.TreeMap;
import org.apache.flink.configuration.WebOptions;

/** The JobManagers of a cluster: one that leads, and, if the cluster is highly available, more that stand by. */
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
     * Starts one more.
     *
     * @param properties in Flink's way, {@code -Dkey=value}
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

    /** Returns when each answers, with what the leader says if it does not lead itself. */
    void awaitReady() {
        running.values().forEach(jobManager -> jobManager.process().awaitReady(jobManager::answers));
    }

    /** Of the one that has been running longest. */
    int webPort() {
        return first().webPort();
    }

    /** The process of the one that has been running longest. */
    RealProcess process() {
        return first().process();
    }

    private JobManager first() {
        return running.values().stream()
                .findFirst()
                .orElseThrow(() -> new NoSuchElementException("no JobManager is running"));
    }

    /** Ends the one that has been running longest, as a loss of power would. */
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
