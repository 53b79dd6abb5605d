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
 * A Flink cluster: JobManagers and TaskManagers, each a process of its own. Its settings are those of
 * {@code conf/flink.yaml} and those given to {@code start}.
 */
public final class FlinkCluster implements AutoCloseable {
    /** The only version whose application mode and S3 plugin are on Maven Central. */
    public static final String NEWER = "2.3.0";

    private static final Path SETTINGS = Path.of("conf", "flink.yaml");
    private static final String CONFIG_FILE = "config.yaml";
    private static final String MAIN = "io.tradeenrichment.TradeEnrichmentJob";
    /** The port of the first JobManager; each later process has the next one. */
    static final String METRICS_PORT = "metrics.reporter.prom.port";

    private static final int MOST_PROCESSES = 10;

    private final ProcessFolder folder;
    private final FlinkDistribution flink;
    private final FlinkCommandLine commandLine;
    private final FlinkRest rest;
    private final JobManagers jobManagers;
    private final Map<Integer, RealProcess> taskManagers = new TreeMap<>();
    private final int webPort;
    private int nextMetricsPort;
    private int lastTaskManager;

    private FlinkCluster(String version, ProcessFolder folder, Configuration settings, EntryPoint entryPoint) {
        this.folder = folder;
        this.flink = new FlinkDistribution(
                version,
                folder,
                List.of(settings.get(CoreOptions.FLINK_JVM_OPTIONS).split("\\s+")));
        this.commandLine = new FlinkCommandLine(flink, folder);
        this.jobManagers = new JobManagers(flink, entryPoint);
        this.rest = new FlinkRest(jobManagers::webPort);
        this.webPort = settings.get(RestOptions.PORT);
        this.nextMetricsPort = Integer.parseInt(settings.toMap().get(METRICS_PORT));
    }

    /** Starts a cluster with a new folder, on free ports, and returns when all slots are registered. */
    public static FlinkCluster start(int taskManagers, Map<String, String> settings) throws Exception {
        return start(FlinkDistribution.usualVersion(), taskManagers, settings);
    }

    /** @param version of Flink; the build puts its jars into {@code target/flink} */
    public static FlinkCluster start(String version, int taskManagers, Map<String, String> settings) throws Exception {
        return start(ProcessFolder.ofTest("flink"), version, taskManagers, onFreePorts(settings));
    }

    /** @param settings beside those of {@code conf/flink.yaml}, with all ports */
    static FlinkCluster start(ProcessFolder folder, String version, int taskManagers, Map<String, String> settings)
            throws Exception {
        var cluster = new FlinkCluster(version, folder, configure(folder, settings), EntryPoint.SESSION);
        cluster.start(taskManagers);
        cluster.awaitJobManagers();
        cluster.awaitTaskManagers();
        return cluster;
    }

    /**
     * Starts a cluster of {@link #NEWER} in application mode, for one job. Returns before the job is submitted or its main
     * has failed.
     *
     * @param jar with the job's main class
     * @param options of Flink's, such as {@code --fromSavepoint}
     * @param arguments of the job
     */
    public static FlinkCluster startApplication(
            Path jar, List<String> options, List<String> arguments, int taskManagers, Map<String, String> settings)
            throws Exception {
        ProcessFolder folder = ProcessFolder.ofTest("flink");
        folder.link(Path.of("usrlib", jar.getFileName().toString()).toString(), jar);
        var cluster = new FlinkCluster(
                NEWER,
                folder,
                configure(folder, onFreePorts(settings)),
                EntryPoint.application(MAIN, options, arguments));
        cluster.start(taskManagers);
        return cluster;
    }

    private static Map<String, String> onFreePorts(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(Map.of(
                // The default makes REST responses up to ten seconds old.
                WebOptions.REFRESH_INTERVAL.key(),
                "200 ms",
                MetricOptions.METRIC_FETCHER_UPDATE_INTERVAL.key(),
                "200 ms"));
        all.putAll(settings);
        all.put(RestOptions.PORT.key(), String.valueOf(Ports.free()));
        all.put(JobManagerOptions.PORT.key(), String.valueOf(Ports.free()));
        all.put(METRICS_PORT, String.valueOf(Ports.free(MOST_PROCESSES)));
        return all;
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

    private void start(int taskManagers) throws Exception {
        startJobManager(webPort);
        for (int i = 0; i < taskManagers; i++) {
            startTaskManager();
        }
    }

    /**
     * Starts one more JobManager. With high availability it is a standby after {@link #awaitJobManagers}, or the leader if
     * there is no other.
     */
    public void startJobManager() throws Exception {
        startJobManager(Ports.free());
    }

    void startJobManager(int webPort) throws Exception {
        jobManagers.start(webPort, List.of(metricsPort()));
    }

    /** Returns when all running JobManagers answer. */
    public void awaitJobManagers() {
        jobManagers.awaitReady();
    }

    /** Starts one more TaskManager and returns its number: 1, 2, … See {@link #awaitTaskManagers}. */
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
                                // With the property log.file, RocksDB would write its log to the same folder, under a
                                // name made of its whole path, which is too long.
                                "-D" + TaskManagerOptions.TASK_MANAGER_LOG_PATH.key() + "=" + flink.log(name),
                                metricsPort())));
        return number;
    }

    private String metricsPort() {
        return "-D" + METRICS_PORT + "=" + nextMetricsPort++;
    }

    /** Returns when all running TaskManagers have registered their slots. */
    public void awaitTaskManagers() {
        taskManagers.forEach(
                (number, process) -> process.awaitReady(() -> rest.hasRegistered("taskmanager-" + number)));
    }

    /** Kills the process. */
    public void killTaskManager(int number) throws InterruptedException {
        taskManagers.remove(number).close();
    }

    /**
     * Kills the JobManager that was started first, the leader. Without high availability its jobs are lost.
     */
    public void killJobManager() throws InterruptedException {
        jobManagers.killFirst();
    }

    /** Submits a jar with {@code flink run -d}. */
    public FlinkJob submit(Path jar, List<String> arguments) throws Exception {
        return submit(jar, List.of(), arguments);
    }

    /** @param options of {@code flink run}, such as {@code -s} and {@code -p} */
    public FlinkJob submit(Path jar, List<String> options, List<String> arguments) throws Exception {
        return new FlinkJob(commandLine.run(jar, options, arguments), commandLine, rest);
    }

    /** Writes {@code job.yaml} into the configuration folder, where main finds it if it has no arguments. */
    public void writeJobSettings(List<String> arguments) throws IOException {
        StringBuilder yaml = new StringBuilder();
        for (int i = 0; i < arguments.size(); i += 2) {
            String key = arguments.get(i).substring("--".length());
            yaml.append(key).append(": '").append(arguments.get(i + 1)).append("'\n");
        }
        Files.writeString(folder.file("job.yaml"), yaml);
    }

    /** Submits a jar as the web UI does, by REST. */
    public FlinkJob upload(Path jar, List<String> arguments) throws Exception {
        return new FlinkJob(rest.run(rest.upload(jar), arguments), commandLine, rest);
    }

    /** The memory that a TaskManager retains. */
    public JvmMemory taskManagerMemory(int number) throws Exception {
        return JvmMemory.of(taskManagers.get(number).pid());
    }

    /** The memory that the JobManager retains. */
    public JvmMemory jobManagerMemory() throws Exception {
        return JvmMemory.of(jobManagers.process().pid());
    }

    /** Waits for the first job; an application cluster has no other. */
    public FlinkJob firstJob() throws InterruptedException {
        jobManagers.process().awaitReady(() -> !rest.jobs().isEmpty());
        return new FlinkJob(rest.jobs().get(0), commandLine, rest);
    }

    /** Exit code and whole log of a JobManager. */
    public record Exit(int exitCode, String log) {}

    /** Returns when the JobManager of an application has exited by itself. */
    public Exit awaitExit() throws IOException, InterruptedException {
        return new Exit(jobManagers.process().awaitExit(), jobManagers.process().output());
    }

    /** A job that something else has submitted. */
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
        jobManagers.close();
    }
}
