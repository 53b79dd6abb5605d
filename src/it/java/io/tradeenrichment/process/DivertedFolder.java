package io.tradeenrichment.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A folder's name that leads to the folder, or to where nothing can be. The name changes sides in one step. */
final class DivertedFolder implements Disk {
    private final Path name;
    private final Path real;

    DivertedFolder(ProcessFolder place) throws IOException {
        real = place.folder("real");
        name = place.file("folder");
        free();
    }

    @Override
    public Path folder() {
        return name;
    }

    @Override
    public void fill() throws IOException {
        lead(Path.of("/dev/null"));
    }

    @Override
    public void free() throws IOException {
        lead(real);
    }

    private void lead(Path to) throws IOException {
        Path next = name.resolveSibling("next");
        Files.deleteIfExists(next);
        Files.move(Files.createSymbolicLink(next, to), name, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void close() {
        // The folder stays, like that of every process.
    }

    @Override
    public String toString() {
        return "a folder that cannot be written to";
    }
}
