package io.tradeenrichment.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.util.EnvironmentInformation;

/**
 * The jars of one Flink version, in {@code target/flink/lib-VERSION} and {@code plugins-VERSION}. Starts its programs.
 */
final class FlinkDistribution {
    private static final String CLIENT = "org.apache.flink.client.cli.CliFrontend";
    private static final String JVM_PARAMETERS = "org.apache.flink.runtime.util.bash.BashJavaUtils";
    private static final String RESULT = "BASH_JAVA_UTILS_EXEC_RESULT:";
    /** For a JVM that exits before the C2 compiler pays off. */
    private static final String C1_ONLY = "-XX:TieredStopAtLevel=1";

    private final Path lib;
    private final Path plugins;
    private final ProcessFolder folder;
    private final List<String> jvmOptions;
    private final Map<String, List<String>> parameters = new HashMap<>();

    /**
     * @param folder of the cluster's settings and logs
     * @param jvmOptions of every process
     */
    FlinkDistribution(String version, ProcessFolder folder, List<String> jvmOptions) {
        this.lib = jars("lib", version);
        this.plugins = jars("plugins", version);
        this.folder = folder;
        this.jvmOptions = jvmOptions;
        if (!Files.isDirectory(lib)) {
            throw new IllegalStateException("no Flink in " + lib + "; run mvn -f deploy/local/pom.xml -Dflink.version="
                    + version + " package first");
        }
    }

    private static Path jars(String kind, String version) {
        return Path.of("target", "flink", kind + "-" + version).toAbsolutePath();
    }

    /** The version that the job is compiled against. */
    static String usualVersion() {
        return EnvironmentInformation.getVersion();
    }

    /**
     * Starts a JobManager or a TaskManager.
     *
     * @param sizing the command of {@code BashJavaUtils} that computes the memory settings
     */
    RealProcess start(String name, String sizing, String main, List<String> arguments) throws Exception {
        if (!parameters.containsKey(sizing)) {
            parameters.put(sizing, memoryParameters(sizing));
        }
        List<String> sized = parameters.get(sizing);
        List<String> command = command(folder.logging(name), main, sized.get(0).split(" "));
        command.addAll(List.of("--configDir", folder.toString()));
        command.addAll(Arrays.asList(sized.get(1).split(" ")));
        command.addAll(arguments);
        return folder.start(name, environment(), command);
    }

    /** The log file of a process. */
    Path log(String name) {
        return folder.log(name);
    }

    /** Starts a Flink program that has no memory settings. */
    RealProcess start(String name, String main, List<String> arguments) throws IOException {
        List<String> command = command(folder.logging(name), main, "-Xmx128m");
        command.addAll(arguments);
        return folder.start(name, environment(), command);
    }

    /** Runs Flink's command line and returns its output. */
    String client(Path log, List<String> arguments) throws IOException, InterruptedException {
        List<String> command = command(folder.logging(), CLIENT, "-Xmx512m", C1_ONLY, "-Dlog.level=ERROR");
        command.addAll(arguments);
        return RealProcess.run(log, environment(), command);
    }

    /** JVM flags and dynamic properties, as Flink derives them from the settings. */
    private List<String> memoryParameters(String sizing) throws IOException, InterruptedException {
        List<String> command = command(folder.logging(), JVM_PARAMETERS, "-Xmx64m", C1_ONLY, "-Dlog.level=ERROR");
        command.addAll(List.of(sizing, "--configDir", folder.toString()));
        return RealProcess.run(folder.log(sizing), environment(), command)
                .lines()
                .filter(line -> line.startsWith(RESULT))
                .map(line -> line.substring(RESULT.length()))
                .toList();
    }

    private List<String> command(List<String> logging, String main, String... flags) throws IOException {
        List<String> command = new ArrayList<>(List.of(RealProcess.java()));
        command.addAll(Arrays.asList(flags));
        command.addAll(jvmOptions);
        command.addAll(logging);
        command.addAll(List.of("-Djava.io.tmpdir=" + folder.folder("tmp"), "-cp", lib + File.separator + "*", main));
        return command;
    }

    /** An application's JobManager looks for {@code usrlib} beside {@code FLINK_LIB_DIR}, so each cluster has its own. */
    private Map<String, String> environment() throws IOException {
        return Map.of(
                "FLINK_CONF_DIR", folder.toString(),
                "FLINK_LIB_DIR", folder.link("lib", lib).toString(),
                "FLINK_PLUGINS_DIR",
                        Files.isDirectory(plugins)
                                ? plugins.toString()
                                : folder.folder("plugins").toString());
    }
}
