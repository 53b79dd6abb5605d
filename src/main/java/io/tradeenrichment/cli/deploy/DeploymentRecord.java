package io.tradeenrichment.cli.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The deployments on one cluster: a folder with {@code deployments.jsonl}, to which each change appends the deployment as a
 * line, and with a copy of each jar under its SHA-256. It has no secrets, because arguments with secrets are refused. One
 * command at a time opens it.
 */
final class DeploymentRecord implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path lines;
    private final Path jars;
    private final FileChannel lock;
    private final TreeMap<Integer, Deployment> deployments = new TreeMap<>();

    /**
     * Opens the record, and creates the folder if there is none.
     *
     * @throws IOException if another command has it open, or if it cannot be read
     */
    DeploymentRecord(Path folder) throws IOException {
        lines = folder.resolve("deployments.jsonl");
        jars = Files.createDirectories(folder.resolve("jars"));
        lock = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (!isLocked()) {
                throw new IOException("another command uses the record " + folder + "; wait until it has ended");
            }
            read();
        } catch (IOException e) {
            lock.close();
            throw e;
        }
    }

    private boolean isLocked() throws IOException {
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
                Deployment deployment = JSON.readValue(all.get(i), Deployment.class);
                deployments.put(deployment.number(), deployment);
            } catch (JsonProcessingException e) {
                throw new IOException(
                        lines + ", line " + (i + 1)
                                + " is not a deployment; if another version wrote the record, move its"
                                + " folder away and submit with --from, otherwise delete the line",
                        e);
            }
        }
    }

    List<Deployment> latestFirst() {
        return List.copyOf(deployments.descendingMap().values());
    }

    Optional<Deployment> number(int number) {
        return Optional.ofNullable(deployments.get(number));
    }

    boolean hasJob(String job) {
        return deployments.values().stream()
                .anyMatch(deployment -> deployment.job().equals(job));
    }

    Deployment create(String job, JobVersion version, @Nullable String restoredFrom) throws IOException {
        int number = deployments.isEmpty() ? 1 : deployments.lastKey() + 1;
        return append(Deployment.created(number, job, version, restoredFrom));
    }

    Deployment reached(Deployment deployment, Deployment.State state) throws IOException {
        return append(latest(deployment).at(state));
    }

    /** Records the state that the next deployment restores, unless it is empty. Returns it. */
    @Nullable String ended(Deployment deployment, @Nullable String lastState) throws IOException {
        if (lastState != null) {
            append(latest(deployment).ended(lastState));
        }
        return lastState;
    }

    Deployment failed(Deployment deployment, String why) throws IOException {
        return append(latest(deployment).failed(why));
    }

    Deployment latest(Deployment deployment) {
        return deployments.getOrDefault(deployment.number(), deployment);
    }

    private Deployment append(Deployment deployment) throws IOException {
        Files.writeString(
                lines,
                JSON.writeValueAsString(deployment) + System.lineSeparator(),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND,
                StandardOpenOption.SYNC);
        deployments.put(deployment.number(), deployment);
        return deployment;
    }

    /** Copies the jar into the record. */
    JobVersion keep(Path jar, Map<String, String> settings, int parallelism) throws IOException {
        var version = new JobVersion(jar.getFileName().toString(), sha256(jar), settings, parallelism);
        if (!Files.exists(copy(version))) {
            Path part = Files.createTempFile(jars, "copy", ".part");
            Files.copy(jar, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, copy(version), StandardCopyOption.ATOMIC_MOVE);
        }
        return version;
    }

    /** @throws IOException if the copy of the jar is missing or was changed */
    Path jar(JobVersion version) throws IOException {
        Path copy = copy(version);
        if (!Files.exists(copy) || !sha256(copy).equals(version.sha256())) {
            throw new IOException("the jar of " + version + " is missing in " + jars
                    + " or was changed; copy it there as " + copy.getFileName());
        }
        return copy;
    }

    private Path copy(JobVersion version) {
        return jars.resolve(version.sha256() + ".jar");
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }

    @Override
    public String toString() {
        return lines.toString();
    }
}
