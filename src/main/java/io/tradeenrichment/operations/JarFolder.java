package io.tradeenrichment.operations;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Copies of jars, each under its SHA-256. */
record JarFolder(Path folder) {

    /** Keeps a copy. */
    Jar keep(Path file) throws IOException {
        Files.createDirectories(folder);
        Jar jar = Jar.of(file);
        if (!Files.exists(path(jar))) {
            Path part = Files.createTempFile(folder, "copy", ".part");
            Files.copy(file, part, StandardCopyOption.REPLACE_EXISTING);
            Files.move(part, path(jar), StandardCopyOption.ATOMIC_MOVE);
        }
        return jar;
    }

    /**
     * Where the copy is.
     *
     * @throws IOException if it is gone, or is not what it was
     */
    Path find(Jar jar) throws IOException {
        Path kept = path(jar);
        if (!Files.exists(kept) || !Jar.of(kept).sha256().equals(jar.sha256())) {
            throw new IOException("the jar " + jar + " is not in " + folder
                    + " any more, or was changed there; put it there again as "
                    + path(jar).getFileName());
        }
        return kept;
    }

    private Path path(Jar jar) {
        return folder.resolve(jar.sha256() + ".jar");
    }
}
