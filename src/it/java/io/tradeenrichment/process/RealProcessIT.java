package io.tradeenrichment.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes end with the JVM that started them, even if it is killed; lasting processes do not. */
class RealProcessIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    @TempDir
    private Path folder;

    /** Starts one process of each kind and waits to be killed. */
    static final class Starter {
        public static void main(String[] args) throws Exception {
            List<String> command = List.of("sleep", "600");
            Path folder = Path.of(args[0]);
            RealProcess bound = RealProcess.start(folder.resolve("bound.log"), Map.of(), command);
            RealProcess closed = RealProcess.start(folder.resolve("closed.log"), Map.of(), command);
            closed.close();
            RealProcess lasting = ProcessFolder.lasting(folder).start("lasting", Map.of(), command);
            Files.writeString(folder.resolve("pids"), bound.pid() + " " + lasting.pid());
            Files.move(folder.resolve("pids"), folder.resolve("pids.ready"));
            bound.awaitReady(() -> false);
        }
    }

    @Test
    void aProcessEndsWithItsJvmUnlessItIsLasting() throws Exception {
        try (RealProcess starter = RealProcess.start(
                folder.resolve("starter.log"),
                Map.of(),
                List.of(
                        RealProcess.java(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Starter.class.getName(),
                        folder.toString()))) {
            Path ready = folder.resolve("pids.ready");
            starter.awaitReady(() -> Files.exists(ready));
            String[] pids = Files.readString(ready).split(" ");
            ProcessHandle bound = process(pids[0]);
            ProcessHandle lasting = process(pids[1]);
            try {
                assertThat(bound.isAlive()).isTrue();

                starter.kill();

                await().atMost(TIMEOUT).until(() -> !bound.isAlive());
                assertThat(lasting.isAlive()).isTrue();
                assertThat(folder.resolve("lasting.pid")).content().isEqualTo(pids[1] + "\n");
            } finally {
                bound.destroyForcibly();
                lasting.destroyForcibly();
            }
        }
    }

    @Test
    void reportsTheLogOfAProcessThatExitsBeforeItIsReady() throws Exception {
        try (RealProcess process =
                RealProcess.start(folder.resolve("sh.log"), Map.of(), List.of("sh", "-c", "echo no port; exit 1"))) {
            assertThatExceptionOfType(Exception.class)
                    .isThrownBy(() -> process.awaitReady(() -> false))
                    .isNotInstanceOf(ConditionTimeoutException.class)
                    .withMessageContaining("no port");
        }
    }

    private static ProcessHandle process(String pid) {
        return ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    }
}
