package io.tradeenrichment.process;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A folder of Flink's checkpoints in which the names of those to come can be taken: what is there can be read, and nothing
 * can be added. It takes no rights, which root would have anyway.
 */
final class OccupiedFolder implements Disk {
    private static final int MOST_CHECKPOINTS = 1_000;

    private final Path folder;

    OccupiedFolder(ProcessFolder place) throws IOException {
        folder = place.folder("checkpoints");
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
                // A checkpoint, or taken before.
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

    /** The names of all that there are or may be. */
    private List<Path> checkpoints() throws IOException {
        try (Stream<Path> jobs = Files.list(folder)) {
            return jobs.flatMap(
                            job -> IntStream.rangeClosed(1, MOST_CHECKPOINTS).mapToObj(n -> job.resolve("chk-" + n)))
                    .toList();
        }
    }

    @Override
    public void close() {
        // The folder stays, like that of every process.
    }

    @Override
    public String toString() {
        return "a folder that takes no more";
    }
}
