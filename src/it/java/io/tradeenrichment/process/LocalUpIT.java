package io.tradeenrichment.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code deploy/local/up} checks its ports before it builds or starts anything. */
class LocalUpIT {
    private static final Path UP = Path.of("deploy", "local", "up");
    private static final Map<String, String> PORTS = new HashMap<>();

    private record Outcome(int code, String out, String err) {}

    /** Free ports, so that only the port under test is refused. */
    @BeforeAll
    static void choosePorts() {
        List.of("KAFKA_PORT", "REGISTRY_PORT", "WEB_PORT", "STANDBY_WEB_PORT", "ZOOKEEPER_PORT")
                .forEach(name -> PORTS.put(name, String.valueOf(Ports.free())));
        PORTS.put("METRICS_PORT", String.valueOf(Ports.free(4)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
            KAFKA_PORT=abc > KAFKA_PORT is 'abc', but takes a port from 1 to 65535.
            WEB_PORT=0 > WEB_PORT is '0', but takes a port from 1 to 65535.
            REGISTRY_PORT=65536 > REGISTRY_PORT is 65536, but takes a port from 1 to 65535.
            ZOOKEEPER_PORT=-1 > ZOOKEEPER_PORT is '-1', but takes a port from 1 to 65535.
            STANDBY_WEB_PORT=9 9 > STANDBY_WEB_PORT is '9 9', but takes a port from 1 to 65535.
            KAFKA_PORT=99999999999999999999 > KAFKA_PORT is '99999999999999999999', but takes a port from 1 to 65535.
            METRICS_PORT=65533 > METRICS_PORT is 65533, but takes a port from 1 to 65532, the first of 4 in a row.
            KAFKA_PORT=7000;WEB_PORT=7000 > KAFKA_PORT and WEB_PORT both take port 7000: give each ports of its own.
            METRICS_PORT=7000;STANDBY_WEB_PORT=7003 > METRICS_PORT and STANDBY_WEB_PORT both take port 7003: give each ports of its own.
            """)
    void refusesAnInvalidPortInOneSentence(String settings, String sentence) throws Exception {
        Map<String, String> environment = new HashMap<>(PORTS);
        for (String setting : settings.split(";")) {
            environment.put(setting.split("=")[0], setting.split("=")[1]);
        }
        assertRefused(up(environment, "--ha"), sentence);
    }

    @Test
    void refusesAPortRangeInWhichAnotherProcessListens() throws Exception {
        for (int place = 0; place < 3; place++) {
            int first = Integer.parseInt(PORTS.get("METRICS_PORT"));
            try (ServerSocket other = new ServerSocket(first + place)) {
                assertRefused(
                        up(PORTS),
                        "Port " + other.getLocalPort() + " (METRICS_PORT) is taken by another process: end that one, or"
                                + " choose another port, as in METRICS_PORT=" + (first + 10_000) + " deploy/local/up.");
            }
        }
    }

    @Test
    void theScriptsDefaultPortsAreThoseOfLocalCluster() throws IOException {
        assertThat(UP)
                .content()
                .contains(
                        "KAFKA_PORT:=" + LocalCluster.KAFKA_PORT + "}",
                        "REGISTRY_PORT:=" + LocalCluster.REGISTRY_PORT + "}",
                        "WEB_PORT:=" + LocalCluster.WEB_PORT + "}",
                        "METRICS_PORT:=" + LocalCluster.METRICS_PORT + "}",
                        "STANDBY_WEB_PORT:=" + LocalCluster.STANDBY_WEB_PORT + "}",
                        "ZOOKEEPER_PORT:=" + LocalCluster.ZOOKEEPER_PORT + "}");
    }

    private static void assertRefused(Outcome outcome, String sentence) {
        assertThat(outcome.err()).isEqualTo(sentence + "\n");
        assertThat(outcome.out()).isEmpty();
        assertThat(outcome.code()).isEqualTo(1);
    }

    private static Outcome up(Map<String, String> environment, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(UP.toAbsolutePath().toString()));
        command.addAll(List.of(arguments));
        Path err = Files.createTempFile("up", ".err");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            return new Outcome(process.exitValue(), out, Files.readString(err));
        } finally {
            process.destroyForcibly();
            Files.delete(err);
        }
    }
}
