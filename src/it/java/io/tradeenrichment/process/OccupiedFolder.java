package io.tradeenrichment.process;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A checkpoint folder in which files take the names of the next checkpoints, so that Flink cannot create their folders.
 * File permissions would not stop root.
 */
final class OccupiedFolder implements Disk {
    private static final int MOST_CHECKPOINTS = 1_000;

    private final Path folder;

    OccupiedFolder(ProcessFolder parent) throws IOException {
        folder = parent.folder("checkpoints");
    }

    @Override
    public Path folder() {
        return folder;
    }

    @Override
    public void fill() throws IOException {
        for (Path checkpoint : checkpoints()) {
            try {
                Files.createFile(checkpoint);
            } catch (FileAlreadyExistsException e) {
                // A checkpoint, or a file of an earlier call.
            }
        }
    }

    @Override
    public void free() throws IOException {
        for (Path checkpoint : checkpoints()) {
            if (Files.isRegularFile(checkpoint)) {
                Files.delete(checkpoint);
            }
        }
    }

    /** The paths of all checkpoints, present and future. */
    private List<Path> checkpoints() throws IOException {
        try (Stream<Path> jobs = Files.list(folder)) {
            return jobs.flatMap(
                            job -> IntStream.rangeClosed(1, MOST_CHECKPOINTS).mapToObj(n -> job.resolve("chk-" + n)))
                    .toList();
        }
    }

    @Override
    public void close() {
        // The folder is kept, like that of every process.
    }

    @Override
    public String toString() {
        return "a folder without free names";
    }
}
