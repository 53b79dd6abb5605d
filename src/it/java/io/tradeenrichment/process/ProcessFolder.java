package io.tradeenrichment.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The folder of one server: what it is told, what it keeps, and for each of its processes a log and, in a file of its
 * own, the process id. It also says how long these processes live.
 */
public final class ProcessFolder {
    private static final Path ROTATED = Path.of("conf", "log4j2.properties").toAbsolutePath();

    private final Path path;
    private final boolean lasting;

    private ProcessFolder(Path path, boolean lasting) {
        this.path = path.toAbsolutePath();
        this.lasting = lasting;
        try {
            Files.createDirectories(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new one under {@code target}, for processes that end with this JVM at the latest. */
    public static ProcessFolder ofTest(String server) {
        return new ProcessFolder(Path.of("target", server, UUID.randomUUID().toString()), false);
    }

    /** For processes that outlive this JVM; whoever ends them finds their ids in the files that end in {@code .pid}. */
    public static ProcessFolder lasting(Path path) {
        return new ProcessFolder(path, true);
    }

    /** Whether its processes outlive this JVM. */
    boolean isLasting() {
        return lasting;
    }

    public Path file(String name) {
        return path.resolve(name);
    }

    /** A folder within, created if need be. */
    Path folder(String name) throws IOException {
        return Files.createDirectories(file(name));
    }

    /** A name within for what stands elsewhere. */
    Path link(String name, Path target) throws IOException {
        Path link = file(name);
        Files.createDirectories(link.getParent());
        return Files.isSymbolicLink(link) ? link : Files.createSymbolicLink(link, target.toAbsolutePath());
    }

    Path log(String process) {
        return file(process + ".log");
    }

    /**
     * What makes Log4j write the log of a process: a file of bounded size, beside what the process says on its console; or
     * that alone, where the process ends soon.
     */
    List<String> logging(String process) throws IOException {
        return lasting
                ? List.of(
                        "-Dlog4j2.configurationFile=" + ROTATED.toUri(), "-Dtrade-enrichment.log.file=" + log(process))
                : logging();
    }

    /** What makes Log4j write to the console. */
    List<String> logging() throws IOException {
        return List.of("-Dlog4j2.configurationFile=" + log4j());
    }

    private Path log4j() throws IOException {
        return Files.writeString(file("log4j2.properties"), """
                rootLogger.level = ${sys:log.level:-INFO}
                rootLogger.appenderRef.console.ref = console
                appender.console.type = Console
                appender.console.name = console
                appender.console.layout.type = PatternLayout
                appender.console.layout.pattern = %d{HH:mm:ss,SSS} %-5p %c{1} - %m%n
                """);
    }

    RealProcess start(String name, Map<String, String> environment, List<String> command) throws IOException {
        RealProcess process = lasting
                ? RealProcess.startLasting(file(name + ".out"), log(name), environment, command)
                : RealProcess.start(log(name), environment, command);
        Files.writeString(file(name + ".pid"), process.pid() + "\n");
        return process;
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
