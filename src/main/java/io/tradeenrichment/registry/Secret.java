package io.tradeenrichment.registry;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A password or the file that contains it. The file is read at each use, so the password can be changed without a restart.
 */
record Secret(String text, boolean isFile) implements Serializable {

    /** @throws IOException with the file's name if the file cannot be read */
    String read() throws IOException {
        if (!isFile) {
            return text;
        }
        try {
            // Editors and echo append a line break.
            return Files.readString(Path.of(text)).replaceFirst("\\R$", "");
        } catch (IOException | RuntimeException e) {
            throw new IOException("the password file " + text + " cannot be read", e);
        }
    }

    @Override
    public String toString() {
        return isFile ? "in the file " + text : "******";
    }
}
