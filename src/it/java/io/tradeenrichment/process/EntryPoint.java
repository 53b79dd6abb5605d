package io.tradeenrichment.process;

import java.util.ArrayList;
import java.util.List;

/** A JobManager's main class and arguments: of a session cluster, or of an application cluster. */
record EntryPoint(String main, List<String> arguments) {
    static final EntryPoint SESSION = new EntryPoint(
            "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
            List.of("--executionMode", "cluster"));

    /**
     * @param options of Flink's, such as {@code --fromSavepoint}
     * @param job the job's main class
     * @param arguments of the job, separated from Flink's by two dashes
     */
    static EntryPoint application(String job, List<String> options, List<String> arguments) {
        List<String> all = new ArrayList<>(List.of("--job-classname", job));
        all.addAll(options);
        all.add("--");
        all.addAll(arguments);
        return new EntryPoint(
                "org.apache.flink.container.entrypoint.StandaloneApplicationClusterEntryPoint", List.copyOf(all));
    }
}
