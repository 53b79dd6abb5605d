package io.tradeenrichment.savepoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.kafka.common.Uuid;

/**
 * A savepoint of this or an earlier version of the job, kept in {@code src/it/savepoints}.
 *
 * @param layout number of the state layout, as in the name of its folder
 * @param backend hashmap or rocksdb
 */
record KeptSavepoint(int layout, String backend, SavepointFormatType format) {
    private static final Path FOLDER = Path.of("src", "it", "savepoints");
    private static final String LAYOUT = "layout-";
    /** A file beside the savepoint with the ids of its topics. */
    private static final String TOPIC_IDS = "topics.properties";

    /** The four savepoints of one layout. */
    static List<KeptSavepoint> of(int layout) {
        List<KeptSavepoint> savepoints = new ArrayList<>();
        for (String backend : List.of("hashmap", "rocksdb")) {
            for (SavepointFormatType format : SavepointFormatType.values()) {
                savepoints.add(new KeptSavepoint(layout, backend, format));
            }
        }
        return savepoints;
    }

    static List<Integer> layouts() throws IOException {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .map(name -> Integer.parseInt(name.substring(LAYOUT.length())))
                    .sorted()
                    .toList();
        }
    }

    Path folder() {
        return FOLDER.resolve(LAYOUT + layout)
                .resolve(backend + "-" + format.name().toLowerCase(java.util.Locale.ROOT));
    }

    /** A copy, because a job may delete what it restores. */
    String copyTo(Path folder) throws IOException {
        Path copy = Files.createDirectories(folder.resolve(folder().getFileName()));
        copy(folder(), copy);
        return copy.toUri().toString();
    }

    /**
     * A copy in which the ids of the topics are replaced. The job refuses to restore the offsets of other topics.
     *
     * @param ids of the topics by their roles
     */
    String copyTo(Path folder, Map<String, String> ids) throws IOException {
        String copy = copyTo(folder);
        Path metadata = Path.of(URI.create(copy)).resolve("_metadata");
        byte[] bytes = Files.readAllBytes(metadata);
        Properties keptIds = new Properties();
        try (var in = Files.newBufferedReader(folder().resolve(TOPIC_IDS))) {
            keptIds.load(in);
        }
        ids.forEach((role, id) -> {
            Uuid kept = Uuid.fromString(keptIds.getProperty(role));
            Uuid current = Uuid.fromString(id);
            replace(bytes, bytes(kept), bytes(current));
            replace(bytes, hash(kept), hash(current));
        });
        Files.write(metadata, bytes);
        return copy;
    }

    private static byte[] bytes(Uuid id) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    private static byte[] hash(Uuid id) {
        return ByteBuffer.allocate(Long.BYTES)
                .putLong(id.getMostSignificantBits() ^ Long.rotateLeft(id.getLeastSignificantBits(), 32))
                .array();
    }

    private static void replace(byte[] bytes, byte[] old, byte[] replacement) {
        for (int at = 0; at + old.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + old.length, old, 0, old.length)) {
                System.arraycopy(replacement, 0, bytes, at, replacement.length);
            }
        }
    }

    /**
     * Copies a new savepoint to its folder.
     *
     * @param ids of the job's topics by their roles
     */
    void keep(Path savepoint, Map<String, String> ids) throws IOException {
        copy(savepoint, Files.createDirectories(folder()));
        Files.write(
                folder().resolve(TOPIC_IDS),
                ids.entrySet().stream()
                        .map(id -> id.getKey() + "=" + id.getValue())
                        .sorted()
                        .toList());
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.list(from)) {
            files.forEach(file -> {
                try {
                    Files.copy(file, to.resolve(file.getFileName()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    /** A canonical savepoint is restored on the other backend, a native one at another parallelism. */
    Restore restore() {
        return format == SavepointFormatType.CANONICAL
                ? new Restore(this, backend.equals("rocksdb") ? "hashmap" : "rocksdb", 1)
                : new Restore(this, backend, 3);
    }

    /** How a test restores a savepoint. */
    record Restore(KeptSavepoint savepoint, String backend, int parallelism) {
        @Override
        public String toString() {
            return "layout %d, %s, %s, on %s in %d subtasks"
                    .formatted(savepoint.layout, savepoint.backend, savepoint.format, backend, parallelism);
        }
    }
}
