package io.tradeenrichment.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The folder of one server: its settings, its data and, for each of its processes, a log and a file with the process id.
 * The processes end with this JVM, or are lasting.
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

    /** A new folder under {@code target}, for processes that end with this JVM at the latest. */
    public static ProcessFolder ofTest(String server) {
        return new ProcessFolder(Path.of("target", server, UUID.randomUUID().toString()), false);
    }

    /** For processes that keep running after this JVM exits. Their ids are in {@code .pid} files. */
    public static ProcessFolder lasting(Path path) {
        return new ProcessFolder(path, true);
    }

    /** Whether its processes keep running after this JVM exits. */
    boolean isLasting() {
        return lasting;
    }

    public Path file(String name) {
        return path.resolve(name);
    }

    /** A subfolder, created if it does not exist. */
    Path folder(String name) throws IOException {
        return Files.createDirectories(file(name));
    }

    /** A symbolic link in the folder. */
    Path link(String name, Path target) throws IOException {
        Path link = file(name);
        Files.createDirectories(link.getParent());
        return Files.isSymbolicLink(link) ? link : Files.createSymbolicLink(link, target.toAbsolutePath());
    }

    Path log(String process) {
        return file(process + ".log");
    }

    /**
     * JVM options that configure Log4j: a lasting process writes a rotated file, the others log to the console.
     */
    List<String> logging(String process) throws IOException {
        return lasting
                ? List.of(
                        "-Dlog4j2.configurationFile=" + ROTATED.toUri(), "-Dtrade-enrichment.log.file=" + log(process))
                : logging();
    }

    /** JVM options that make Log4j write to the console. */
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

    /** Once its processes have ended. */
    void delete() throws IOException {
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
