package io.tradeenrichment.process;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** A process with a log of its own. It ends with this JVM at the latest, unless it is a lasting one. */
final class RealProcess implements AutoCloseable {
    private static final long TIMEOUT_SECONDS = 60;
    private static final int LAST_LINES = 30;

    private final Process process;
    private final Path console;
    private final Path log;

    private RealProcess(Process process, Path console, Path log) {
        this.process = process;
        this.console = console;
        this.log = log;
    }

    /** @param log file to which its output is appended */
    static RealProcess start(Path log, Map<String, String> environment, List<String> command) throws IOException {
        Process process = spawn(log, environment, withC1Only(command));
        ProcessReaper.add(process.pid());
        return new RealProcess(process, log, log);
    }

    /** Uses only the C1 compiler: a test ends before C2 pays off. */
    private static List<String> withC1Only(List<String> command) {
        List<String> quick = new ArrayList<>(command);
        if (command.get(0).equals(java())) {
            quick.add(1, "-XX:TieredStopAtLevel=1");
        }
        return quick;
    }

    /**
     * Starts it in a session of its own, so that it survives this JVM and its terminal.
     *
     * @param console file for its output
     * @param log file that the process itself may write
     */
    static RealProcess startLasting(Path console, Path log, Map<String, String> environment, List<String> command)
            throws IOException {
        List<String> apart = new ArrayList<>(command);
        apart.add(0, "setsid");
        return new RealProcess(spawn(console, environment, apart), console, log);
    }

    private static Process spawn(Path log, Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(new File("/dev/null"))
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Runs a command, expects exit code 0 within a minute, and returns its log. */
    static String run(Path log, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        try (RealProcess process = start(log, environment, command)) {
            if (!process.process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) || process.process.exitValue() != 0) {
                throw new IOException("A command failed; its log, " + log + ", is:\n" + process.output());
            }
            return process.output();
        }
    }

    static void run(Path log, List<String> command) throws IOException, InterruptedException {
        run(log, Map.of(), command);
    }

    static String java() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    String output() throws IOException {
        return Files.readString(console);
    }

    /** Returns when the condition is true; fails if the process exits first, or after a minute. */
    void awaitReady(Callable<Boolean> condition) {
        await("the process whose log is " + shownLog())
                .atMost(Duration.ofSeconds(TIMEOUT_SECONDS))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    if (!isAlive()) {
                        throw new IOException(
                                "The process has exited; its log, " + shownLog() + ", ends with:\n" + lastLines());
                    }
                    return condition.call();
                });
    }

    private Path shownLog() {
        return Files.exists(log) ? log : console;
    }

    private String lastLines() throws IOException {
        List<String> lines = new ArrayList<>(Files.exists(log) ? Files.readAllLines(log) : List.of());
        if (!console.equals(log)) {
            lines.addAll(Files.readAllLines(console));
        }
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
    }

    /** Waits for the process to exit by itself and returns its exit code. */
    int awaitExit() throws InterruptedException, IOException {
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException(
                    "The process is still running; its log, " + shownLog() + ", ends with:\n" + lastLines());
        }
        return process.exitValue();
    }

    /** Sends SIGKILL. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Sends SIGTERM, and SIGKILL if the process is still running after a minute. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            kill();
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
        ProcessReaper.remove(process.pid());
    }
}
