package io.tradeenrichment.cli.deploy;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.SYNC;
import static java.nio.file.StandardOpenOption.WRITE;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tradeenrichment.cli.deploy.Deployment.Version;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
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

    /** @throws IOException if another command has the record open, or if it cannot be read */
    DeploymentRecord(Path folder) throws IOException {
        lines = folder.resolve("deployments.jsonl");
        jars = Files.createDirectories(folder.resolve("jars"));
        lock = FileChannel.open(folder.resolve("lock"), CREATE, WRITE);
        try {
            if (lock.tryLock() == null) {
                throw new OverlappingFileLockException();
            }
            read();
        } catch (OverlappingFileLockException | IOException e) {
            lock.close();
            String used = "another command uses the record " + folder + "; wait until it has ended";
            throw e instanceof IOException unreadable ? unreadable : new IOException(used, e);
        }
    }

    private void read() throws IOException {
        if (Files.exists(lines)) {
            try (MappingIterator<Deployment> all =
                    JSON.readerFor(Deployment.class).readValues(lines.toFile())) {
                while (all.hasNextValue()) {
                    Deployment deployment = all.nextValue();
                    deployments.put(deployment.number(), deployment);
                }
            } catch (JsonProcessingException e) {
                String line = lines + ", line " + e.getLocation().getLineNr();
                throw new IOException(
                        line + " is not a deployment; if another version wrote the record, move its folder"
                                + " away and submit with --from, otherwise delete the line");
            }
        }
    }

    List<Deployment> latestFirst() {
        return List.copyOf(deployments.descendingMap().values());
    }

    boolean hasJob(String job) {
        return deployments.values().stream()
                .anyMatch(deployment -> deployment.job().equals(job));
    }

    Deployment create(String job, Version version, @Nullable String restoredFrom) throws IOException {
        int number = deployments.isEmpty() ? 1 : deployments.lastKey() + 1;
        return append(Deployment.created(number, job, version, restoredFrom));
    }

    /** Applies a change to what is recorded of the deployment, and records the result. */
    Deployment update(Deployment deployment, UnaryOperator<Deployment> change) throws IOException {
        return append(change.apply(latest(deployment)));
    }

    Deployment latest(Deployment deployment) {
        return deployments.getOrDefault(deployment.number(), deployment);
    }

    private Deployment append(Deployment deployment) throws IOException {
        Files.writeString(lines, JSON.writeValueAsString(deployment) + "\n", CREATE, APPEND, SYNC);
        deployments.put(deployment.number(), deployment);
        return deployment;
    }

    /** Copies the jar into the record. */
    Version keep(Path jar, Map<String, String> settings, int parallelism) throws IOException {
        if (!Files.isRegularFile(jar)) {
            throw new IOException(jar + " is no file; mvn -B package builds the job's jar");
        }
        var version = new Version(jar.getFileName().toString(), sha256(jar), settings, parallelism);
        Files.copy(jar, copy(version), StandardCopyOption.REPLACE_EXISTING);
        return version;
    }

    /** @throws IOException if the copy of the jar is missing or was changed */
    Path jar(Version version) throws IOException {
        Path copy = copy(version);
        if (!Files.exists(copy) || !sha256(copy).equals(version.sha256())) {
            throw new IOException("the jar of " + version + " is missing in " + jars
                    + " or was changed; copy it there as " + copy.getFileName());
        }
        return copy;
    }

    private Path copy(Version version) {
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
