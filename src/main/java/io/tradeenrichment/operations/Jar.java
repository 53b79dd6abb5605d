package io.tradeenrichment.operations;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A jar by its content.
 *
 * @param sha256 in hexadecimal
 */
record Jar(String name, String sha256) {
    private static final int SHOWN = 12;

    static Jar of(Path file) throws IOException {
        try (var in = new DigestInputStream(Files.newInputStream(file), digest())) {
            in.transferTo(OutputStream.nullOutputStream());
            return new Jar(
                    file.getFileName().toString(),
                    HexFormat.of().formatHex(in.getMessageDigest().digest()));
        }
    }

    private static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return name + " (sha256 " + sha256.substring(0, Math.min(SHOWN, sha256.length())) + ")";
    }
}
