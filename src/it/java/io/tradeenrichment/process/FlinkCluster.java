package io.tradeenrichment.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ConfigurationUtils;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;

/**
 * A real Flink cluster: a JobManager and TaskManagers, each a process of its own, that jars are submitted to. It is told
 * what {@code conf/flink.yaml} says, and what is given beside it.
 */
public final class FlinkCluster implements AutoCloseable {
    private static final Path SETTINGS = Path.of("conf", "flink.yaml");
    private static final String CONFIG_FILE = "config.yaml";
    /** Of the JobManager; the TaskManagers have the next ones. */
    static final String METRICS_PORT = "metrics.reporter.prom.port";

    private static final int MOST_PROCESSES = 10;

    private final FlinkDistribution flink;
    private final FlinkCommandLine commandLine;
    private final FlinkRest rest;
    private final int metricsPort;
    private final Map<Integer, RealProcess> taskManagers = new TreeMap<>();
    private RealProcess jobManager;
    private int lastTaskManager;

    private FlinkCluster(String version, ProcessFolder folder, Configuration settings) {
        this.flink = new FlinkDistribution(
                version,
                folder,
                List.of(settings.get(CoreOptions.FLINK_JVM_OPTIONS).split("\\s+")));
        this.commandLine = new FlinkCommandLine(flink, folder);
        this.rest = new FlinkRest(settings.get(RestOptions.PORT));
        this.metricsPort = Integer.parseInt(settings.toMap().get(METRICS_PORT));
    }

    /** Starts a cluster with a new folder, on free ports, and returns when all its slots are there. */
    public static FlinkCluster start(int taskManagers, Map<String, String> settings) throws Exception {
        return start(FlinkDistribution.usualVersion(), taskManagers, settings);
    }

    /** @param version of Flink; its jars stand where the build has put them */
    public static FlinkCluster start(String version, int taskManagers, Map<String, String> settings) throws Exception {
        Map<String, String> all = new HashMap<>(Map.of(
                // What REST answers is otherwise up to ten seconds old.
                WebOptions.REFRESH_INTERVAL.key(),
                "200 ms",
                MetricOptions.METRIC_FETCHER_UPDATE_INTERVAL.key(),
                "200 ms"));
        all.putAll(settings);
        all.put(RestOptions.PORT.key(), String.valueOf(Ports.free()));
        all.put(JobManagerOptions.PORT.key(), String.valueOf(Ports.free()));
        all.put(METRICS_PORT, String.valueOf(Ports.free(MOST_PROCESSES)));
        return start(ProcessFolder.ofTest("flink"), version, taskManagers, all);
    }

    /** @param settings beside those of {@code conf/flink.yaml}; the ports must be among them */
    static FlinkCluster start(ProcessFolder folder, String version, int taskManagers, Map<String, String> settings)
            throws Exception {
        FlinkCluster cluster = new FlinkCluster(version, folder, configure(folder, settings));
        cluster.startJobManager();
        for (int i = 0; i < taskManagers; i++) {
            cluster.startTaskManager();
        }
        cluster.jobManager.awaitReady(cluster.rest::answers);
        cluster.awaitTaskManagers();
        return cluster;
    }

    private static Configuration configure(ProcessFolder folder, Map<String, String> more) throws IOException {
        Files.copy(SETTINGS, folder.file(CONFIG_FILE));
        Configuration settings = GlobalConfiguration.loadConfiguration(folder.toString());
        settings.set(JobManagerOptions.ADDRESS, "localhost");
        settings.set(JobManagerOptions.BIND_HOST, "localhost");
        settings.set(TaskManagerOptions.HOST, "localhost");
        settings.set(TaskManagerOptions.BIND_HOST, "localhost");
        settings.set(RestOptions.ADDRESS, "localhost");
        settings.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                folder.folder("checkpoints").toUri().toString());
        settings.set(
                CheckpointingOptions.SAVEPOINT_DIRECTORY,
                folder.folder("savepoints").toUri().toString());
        more.forEach(settings::setString);
        Files.write(folder.file(CONFIG_FILE), ConfigurationUtils.convertConfigToWritableLines(settings, true));
        return settings;
    }

    private void startJobManager() throws Exception {
        jobManager = flink.start(
                "jobmanager",
                "GET_JM_RESOURCE_PARAMS",
                "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
                List.of("--executionMode", "cluster"));
    }

    /** Starts one more, and returns its number: 1, 2, … It is part of the cluster after {@link #awaitTaskManagers}. */
    public int startTaskManager() throws Exception {
        int number = ++lastTaskManager;
        String name = "taskmanager-" + number;
        taskManagers.put(
                number,
                flink.start(
                        name,
                        "GET_TM_RESOURCE_PARAMS",
                        "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                        List.of(
                                "-D" + TaskManagerOptions.TASK_MANAGER_RESOURCE_ID.key() + "=" + name,
                                "-D" + METRICS_PORT + "=" + (metricsPort + number))));
        return number;
    }

    /** Returns when all that are running have offered their slots. */
    public void awaitTaskManagers() {
        taskManagers.forEach((number, process) -> process.awaitReady(() -> rest.knows("taskmanager-" + number)));
    }

    /** Ends one as a loss of power would. */
    public void killTaskManager(int number) throws InterruptedException {
        taskManagers.remove(number).close();
    }

    /** Ends the JobManager as a loss of power would. Without high availability its jobs are gone. */
    public void killJobManager() throws InterruptedException {
        jobManager.close();
    }

    /** Submits a jar as a person does, by {@code flink run -d}. */
    public FlinkJob submit(Path jar, List<String> arguments) throws Exception {
        return new FlinkJob(commandLine.run(jar, arguments), commandLine, rest);
    }

    /** Submits a jar as the web UI does. */
    public FlinkJob upload(Path jar, List<String> arguments) throws Exception {
        return new FlinkJob(rest.run(rest.upload(jar), arguments), commandLine, rest);
    }

    /** What a TaskManager holds on to. */
    public JvmMemory taskManagerMemory(int number) throws Exception {
        return JvmMemory.of(taskManagers.get(number).pid());
    }

    /** What the JobManager holds on to. */
    public JvmMemory jobManagerMemory() throws Exception {
        return JvmMemory.of(jobManager.pid());
    }

    /** A job that was submitted otherwise. */
    public FlinkJob job(String id) {
        return new FlinkJob(id, commandLine, rest);
    }

    public FlinkRest rest() {
        return rest;
    }

    @Override
    public void close() throws InterruptedException {
        for (RealProcess taskManager : taskManagers.values()) {
            taskManager.close();
        }
        if (jobManager != null) {
            jobManager.close();
        }
    }
}
