package io.tradeenrichment;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.core.execution.SavepointFormatType;

/**
 * A savepoint that an earlier version of the job, or this one, has left in {@code src/it/savepoints}.
 *
 * @param layout of the state, by the number of its folder
 * @param backend by Flink's name: hashmap or rocksdb
 */
record KeptSavepoint(int layout, String backend, SavepointFormatType format) {
    private static final Path FOLDER = Path.of("src", "it", "savepoints");
    private static final String LAYOUT = "layout-";

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

    /** Keeps the savepoint that a job has just left. */
    void keep(Path savepoint) throws IOException {
        copy(savepoint, Files.createDirectories(folder()));
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
