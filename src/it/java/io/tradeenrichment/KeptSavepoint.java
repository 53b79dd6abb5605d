package io.tradeenrichment;

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
 * A savepoint that an earlier version of the job, or this one, has left in {@code src/it/savepoints}.
 *
 * @param layout of the state, by the number of its folder
 * @param backend by Flink's name: hashmap or rocksdb
 */
record KeptSavepoint(int layout, String backend, SavepointFormatType format) {
    private static final Path FOLDER = Path.of("src", "it", "savepoints");
    private static final String LAYOUT = "layout-";
    /** Beside the savepoint: the ids of the topics that it was made with. */
    private static final String TOPIC_IDS = "topics.properties";

    /** The four of one layout. */
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

    /** A copy, which a job may do with as it likes. */
    String copyTo(Path folder) throws IOException {
        Path copy = Files.createDirectories(folder.resolve(folder().getFileName()));
        copy(folder(), copy);
        return copy.toUri().toString();
    }

    /**
     * A copy as if the savepoint had been made with these topics. The job would not go on with others: their offsets are
     * not those that are saved.
     *
     * @param ids of the topics by their roles
     */
    String copyTo(Path folder, Map<String, String> ids) throws IOException {
        String copy = copyTo(folder);
        Path metadata = Path.of(URI.create(copy)).resolve("_metadata");
        byte[] bytes = Files.readAllBytes(metadata);
        Properties old = new Properties();
        try (var in = Files.newBufferedReader(folder().resolve(TOPIC_IDS))) {
            old.load(in);
        }
        ids.forEach((role, id) -> {
            Uuid before = Uuid.fromString(old.getProperty(role));
            Uuid now = Uuid.fromString(id);
            replace(bytes, both(before), both(now));
            replace(bytes, number(before), number(now));
        });
        Files.write(metadata, bytes);
        return copy;
    }

    private static byte[] both(Uuid id) {
        return ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(id.getMostSignificantBits())
                .putLong(id.getLeastSignificantBits())
                .array();
    }

    private static byte[] number(Uuid id) {
        return ByteBuffer.allocate(Long.BYTES)
                .putLong(id.getMostSignificantBits() ^ Long.rotateLeft(id.getLeastSignificantBits(), 32))
                .array();
    }

    private static void replace(byte[] bytes, byte[] before, byte[] now) {
        for (int at = 0; at + before.length <= bytes.length; at++) {
            if (Arrays.equals(bytes, at, at + before.length, before, 0, before.length)) {
                System.arraycopy(now, 0, bytes, at, now.length);
            }
        }
    }

    /**
     * Keeps the savepoint that a job has just left.
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

    /** As far from how it was written as Flink promises to read it: on the other backend only if it is canonical. */
    Restore restore() {
        return format == SavepointFormatType.CANONICAL
                ? new Restore(this, backend.equals("rocksdb") ? "hashmap" : "rocksdb", 1)
                : new Restore(this, backend, 3);
    }

    /** By a job on this backend, in so many subtasks. */
    record Restore(KeptSavepoint savepoint, String backend, int parallelism) {
        @Override
        public String toString() {
            return "layout %d, %s, %s, on %s in %d subtasks"
                    .formatted(savepoint.layout, savepoint.backend, savepoint.format, backend, parallelism);
        }
    }
}
