package io.tradeenrichment.cli.embedded;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Where a run writes: a folder of its own below the one that was named, so that runs never mix. */
final class OutputFolder {
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private OutputFolder() {}

    /** @throws IOException with one sentence if nothing can be written there */
    static Path create(String output) throws IOException {
        Path parent = Path.of(output).toAbsolutePath();
        try {
            Files.createDirectories(parent);
            String name = LocalDateTime.now(ZoneId.systemDefault()).format(NAME);
            for (int run = 1; ; run++) {
                try {
                    return Files.createDirectory(parent.resolve(run == 1 ? name : name + "-" + run));
                } catch (FileAlreadyExistsException another) {
                    // Two runs began in the same second.
                }
            }
        } catch (IOException e) {
            throw new IOException(
                    "embedded.output: cannot write to " + parent + " ("
                            + e.getClass().getSimpleName() + "); name a folder that you may write to",
                    e);
        }
    }
}
