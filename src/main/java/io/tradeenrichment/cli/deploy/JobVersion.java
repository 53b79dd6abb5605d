package io.tradeenrichment.cli.deploy;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a deployment runs.
 *
 * @param sha256 of the jar, in hexadecimal
 * @param settings of the job, as its arguments give them
 */
record JobVersion(String jar, String sha256, Map<String, String> settings, int parallelism) {
    private static final int SHORT_HASH = 12;

    JobVersion {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }

    List<String> arguments() {
        return settings.entrySet().stream()
                .flatMap(setting -> Stream.of("--" + setting.getKey(), setting.getValue()))
                .toList();
    }

    @Override
    public String toString() {
        return jar + " (sha256 " + sha256.substring(0, SHORT_HASH) + ") at parallelism " + parallelism;
    }
}
