package io.tradeenrichment.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What was deployed on one cluster: a folder with {@code deployments.jsonl}, a line for each event, only ever appended
 * to, and with every jar under its SHA-256. So a version can be started again when its jar is long gone elsewhere. It holds
 * no secrets: arguments with secrets are refused before they come here.
 *
 * <p>One command at a time has it open.
 */
final class DeploymentRecord implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path lines;
    private final JarFolder jars;
    private final URI cluster;
    private final FileChannel lock;
    private final TreeMap<Integer, Deployment> deployments = new TreeMap<>();

    private DeploymentRecord(Path folder, URI cluster, FileChannel lock) {
        this.jars = new JarFolder(folder.resolve("jars"));
        this.lines = folder.resolve("deployments.jsonl");
        this.cluster = cluster;
        this.lock = lock;
    }

    /**
     * Makes the folder if there is none.
     *
     * @throws IOException if another command has it open, or it cannot be read
     */
    static DeploymentRecord open(Path folder, URI cluster) throws IOException {
        Files.createDirectories(folder);
        FileChannel lock =
                FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        var record = new DeploymentRecord(folder, cluster, lock);
        if (!isFree(lock)) {
            lock.close();
            throw new IOException("another command is at work with the record " + folder + "; wait until it has ended");
        }
        record.read();
        return record;
    }

    private static boolean isFree(FileChannel lock) throws IOException {
        try {
            return lock.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private void read() throws IOException {
        List<String> all = Files.exists(lines) ? Files.readAllLines(lines) : List.of();
        for (int i = 0; i < all.size(); i++) {
            try {
                take(JSON.readTree(all.get(i)));
            } catch (IOException | IllegalArgumentException e) {
                lock.close();
                throw new IOException(
                        lines + ", line " + (i + 1) + ": not an event of a deployment; take the line out to go on", e);
            }
        }
    }

    private void take(JsonNode event) {
        int number = event.required("deployment").asInt();
        switch (event.required("event").asText()) {
            case "starts" -> deployments.put(number, begun(number, event));
            case "asked" -> reached(number, Deployment.Stage.ASKED, event);
            case "submitted" -> reached(number, Deployment.Stage.SUBMITTED, event);
            case "runs" -> reached(number, Deployment.Stage.RAN, event);
            case "verified" -> reached(number, Deployment.Stage.VERIFIED, event);
            case "stopped" -> {
                String savepoint = event.required("savepoint").asText();
                deployments.computeIfPresent(number, (any, deployment) -> deployment.stopped(savepoint));
            }
            case "failed" -> {
                String why = event.required("why").asText();
                deployments.computeIfPresent(number, (any, deployment) -> deployment.failed(why));
            }
            default -> throw new IllegalArgumentException(event.toString());
        }
    }

    private void reached(int number, Deployment.Stage stage, JsonNode event) {
        Instant when = Instant.parse(event.required("time").asText());
        deployments.computeIfPresent(number, (any, deployment) -> deployment.at(stage, when));
    }

    private static Deployment begun(int number, JsonNode event) {
        Map<String, String> settings = new LinkedHashMap<>();
        event.required("settings")
                .properties()
                .forEach(entry -> settings.put(entry.getKey(), entry.getValue().asText()));
        return Deployment.begun(
                number,
                event.required("time").asText(),
                event.required("job").asText(),
                new Version(
                        new Jar(
                                event.required("jar").asText(),
                                event.required("sha256").asText()),
                        settings,
                        event.required("parallelism").asInt()),
                event.hasNonNull("from") ? event.get("from").asText() : null);
    }

    /** The latest first. */
    List<Deployment> latestFirst() {
        return List.copyOf(deployments.descendingMap().values());
    }

    Optional<Deployment> number(int number) {
        return Optional.ofNullable(deployments.get(number));
    }

    /** Whether a job on the cluster is one of its deployments. */
    boolean has(RunningJob job) {
        return deployments.values().stream()
                .anyMatch(deployment -> deployment.job().equals(job.id()));
    }

    /** A deployment as it is known by now. */
    Deployment latest(Deployment deployment) {
        return deployments.getOrDefault(deployment.number(), deployment);
    }

    JarFolder jars() {
        return jars;
    }

    /** Says that a version is about to be started, before it is: nothing that runs is ever missing here. */
    Deployment starts(String job, Version version, @Nullable String from) throws IOException {
        int number = deployments.isEmpty() ? 1 : deployments.lastKey() + 1;
        ObjectNode event = event("starts", number);
        event.put("cluster", cluster.toString());
        event.put("job", job);
        event.put("jar", version.jar().name());
        event.put("sha256", version.jar().sha256());
        event.put("parallelism", version.parallelism());
        event.put("from", from);
        ObjectNode settings = event.putObject("settings");
        version.settings().forEach(settings::put);
        append(event);
        return begun(number, event);
    }

    /** The cluster is about to be asked to run its main. */
    void asked(Deployment deployment) throws IOException {
        append(event("asked", deployment.number()));
    }

    /** The cluster has it. */
    void submitted(Deployment deployment) throws IOException {
        append(event("submitted", deployment.number()));
    }

    /** Every task was seen to run. */
    void runs(Deployment deployment) throws IOException {
        append(event("runs", deployment.number()));
    }

    /** It was watched, and held. */
    void verified(Deployment deployment) throws IOException {
        append(event("verified", deployment.number()));
    }

    /** It has ended, and what comes after it goes on from this savepoint or checkpoint. */
    void stopped(Deployment deployment, String state) throws IOException {
        append(event("stopped", deployment.number()).put("savepoint", state));
    }

    /** It was given up; if it ever was on the cluster, where it ended is written down as well. */
    void failed(Deployment deployment, String why) throws IOException {
        append(event("failed", deployment.number()).put("why", why));
    }

    private static ObjectNode event(String name, int number) {
        return JSON.createObjectNode()
                .put("time", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("event", name)
                .put("deployment", number);
    }

    private void append(ObjectNode event) throws IOException {
        Files.writeString(
                lines,
                event + System.lineSeparator(),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND,
                StandardOpenOption.SYNC);
        take(event);
    }

    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return lines.toString();
    }
}
