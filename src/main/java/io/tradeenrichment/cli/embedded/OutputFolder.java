package io.tradeenrichment.cli.embedded;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** The folder of one run, below the folder of the setting, so that runs never mix. */
final class OutputFolder {
    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss");

    private OutputFolder() {}

    /** @throws IOException with one sentence if the folder cannot be written */
    static Path create(String output) throws IOException {
        Path parent = Path.of(output).toAbsolutePath();
        try {
            Files.createDirectories(parent);
            String name = LocalDateTime.now(ZoneId.systemDefault()).format(NAME);
            for (int run = 1; ; run++) {
                try {
                    return Files.createDirectory(parent.resolve(run == 1 ? name : name + "-" + run));
                } catch (FileAlreadyExistsException another) {
                    // Another run started in the same second.
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
