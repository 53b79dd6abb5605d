package io.tradeenrichment.operations;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * All that makes a job what it is, whenever it is started.
 *
 * @param settings of the job, as its arguments give them
 */
record Version(Jar jar, Map<String, String> settings, int parallelism) {

    Version {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    Version with(int otherParallelism) {
        return new Version(jar, settings, otherParallelism);
    }

    /** As main takes them. */
    List<String> arguments() {
        List<String> arguments = new ArrayList<>();
        settings.forEach((key, value) -> arguments.addAll(List.of("--" + key, value)));
        return arguments;
    }

    @Override
    public String toString() {
        return jar + " at parallelism " + parallelism;
    }
}
