package io.tradeenrichment.process;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A command of {@code deploy/} as a process, started as from a shell. */
public final class CommandProcess implements AutoCloseable {
    private static final long TIMEOUT_SECONDS = 180;

    private final Process process;
    private final List<String> out = Collections.synchronizedList(new ArrayList<>());
    private final List<String> err = Collections.synchronizedList(new ArrayList<>());
    private final Thread outReader;
    private final Thread errReader;

    private CommandProcess(Process process) {
        this.process = process;
        ProcessReaper.add(process.pid());
        outReader = reader(process.inputReader(StandardCharsets.UTF_8), out);
        errReader = reader(process.errorReader(StandardCharsets.UTF_8), err);
    }

    /** @param script by its name in {@code deploy/} */
    public static CommandProcess start(String script, String... args) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of("deploy", script).toAbsolutePath().toString());
        command.addAll(List.of(args));
        return new CommandProcess(new ProcessBuilder(command).start());
    }

    /** Starts a line of shell. */
    public static CommandProcess startLine(String line) throws IOException {
        return new CommandProcess(new ProcessBuilder("sh", "-c", "exec " + line).start());
    }

    /** Starts a main class of the job's jar with the jars of a Flink distribution on its class path. */
    public static CommandProcess startJar(Path jar, String main, List<String> args) throws IOException {
        Path lib = Path.of("target", "flink", "lib-" + FlinkDistribution.usualVersion());
        List<String> command = new ArrayList<>(
                List.of(RealProcess.java(), "-Xmx1g", "-cp", jar + File.pathSeparator + lib + "/*", main));
        command.addAll(args);
        return new CommandProcess(new ProcessBuilder(command).start());
    }

    /** Sends SIGINT, as Ctrl-C does. */
    public void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    public int exitCode() throws InterruptedException {
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still running after " + TIMEOUT_SECONDS + " s; its error output: " + err);
        }
        outReader.join();
        errReader.join();
        return process.exitValue();
    }

    public List<String> out() {
        return List.copyOf(out);
    }

    public List<String> err() {
        return List.copyOf(err);
    }

    public String lastLine() {
        return out.get(out.size() - 1);
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
        ProcessReaper.remove(process.pid());
    }

    private static Thread reader(BufferedReader from, List<String> into) {
        Thread thread = new Thread(() -> {
            try (from) {
                from.lines().forEach(into::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
