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

/** A process with a log of its own, ended by its own id: at the latest when this JVM ends, unless it is to outlive it. */
final class RealProcess implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 60;
    private static final int LAST_LINES = 30;

    private final Process process;
    private final Path console;
    private final Path log;

    private RealProcess(Process process, Path console, Path log) {
        this.process = process;
        this.console = console;
        this.log = log;
    }

    /** @param log what it says is added to the end of this file */
    static RealProcess start(Path log, Map<String, String> environment, List<String> command) throws IOException {
        Process process = spawn(log, environment, quick(command));
        LastWill.add(process.pid());
        return new RealProcess(process, log, log);
    }

    /** Compiled once, and not again: a process of a test has ended before that would pay. */
    private static List<String> quick(List<String> command) {
        List<String> quick = new ArrayList<>(command);
        if (command.get(0).equals(java())) {
            quick.add(1, "-XX:TieredStopAtLevel=1");
        }
        return quick;
    }

    /**
     * Starts it in a session of its own: neither the end of this JVM nor that of its terminal reaches it.
     *
     * @param console takes what it says
     * @param log that it writes itself, if it does
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

    /** Runs it to its end, which must be a good one, and returns what the log then holds. */
    static String run(Path log, Map<String, String> environment, List<String> command)
            throws IOException, InterruptedException {
        try (RealProcess process = start(log, environment, command)) {
            if (!process.process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.process.exitValue() != 0) {
                throw new IOException("A command did not end well; its log, " + log + ", says:\n" + process.said());
            }
            return process.said();
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

    String said() throws IOException {
        return Files.readString(console);
    }

    /** Returns when the condition holds; fails if the process ends or the condition does not come true. */
    void awaitReady(Callable<Boolean> condition) {
        await("the process whose log is " + shownLog())
                .atMost(Duration.ofSeconds(PATIENCE_SECONDS))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    if (!isAlive()) {
                        throw new IOException(
                                "The process has ended; its log, " + shownLog() + ", ends with:\n" + lastLines());
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

    /** Returns its exit code once it has ended by itself. */
    int awaitEnd() throws InterruptedException, IOException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("The process has not ended; its log, " + shownLog() + ", ends with:\n" + lastLines());
        }
        return process.exitValue();
    }

    /** Ends it as a loss of power would. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Asks it to end, and kills it if it takes too long. */
    void stop() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            kill();
        }
    }

    @Override
    public void close() throws InterruptedException {
        kill();
        try {
            LastWill.remove(process.pid());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
