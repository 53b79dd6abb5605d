package io.tradeenrichment.process;

import java.util.ArrayList;
import java.util.List;

/** What a JobManager is there for: any number of jobs that are submitted to it, or one that it brings up itself. */
record EntryPoint(String main, List<String> arguments) {
    static final EntryPoint SESSION = new EntryPoint(
            "org.apache.flink.runtime.entrypoint.StandaloneSessionClusterEntrypoint",
            List.of("--executionMode", "cluster"));

    /**
     * @param options of Flink's, such as {@code --fromSavepoint}
     * @param job the job's main class
     * @param arguments of the job; what is behind the two dashes, Flink does not take for its own
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
