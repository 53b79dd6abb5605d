package io.tradeenrichment.registry;

import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;

/** A password, or the file that holds it. A file is read anew each time, so a changed password needs no new start. */
record Secret(String text, boolean isFile) implements Serializable {

    /** @throws IOException naming the file if it cannot be read */
    String read() throws IOException {
        if (!isFile) {
            return text;
        }
        try {
            // Editors and echo end a line; no password does.
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
