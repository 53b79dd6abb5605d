package io.tradeenrichment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Keys and certificates of localhost, created by keytool: NAME.p12, NAME.pem and the truststore NAME-trusted.p12. */
public final class KeyFiles {
    private final Path folder;
    private final String password;

    public KeyFiles(Path folder, String password) {
        this.folder = folder;
        this.password = password;
    }

    public KeyFiles make(String name) throws Exception {
        keytool(name + ".p12", "-genkeypair", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "san=dns:localhost");
        keytool(name + ".p12", "-exportcert", "-rfc", "-file", file(name + ".pem"));
        keytool(name + "-trusted.p12", "-importcert", "-noprompt", "-file", file(name + ".pem"));
        return this;
    }

    private String file(String name) {
        return folder.resolve(name).toString();
    }

    private void keytool(String store, String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>();
        all.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
        Collections.addAll(all, command);
        Collections.addAll(
                all, "-alias", "it", "-storetype", "PKCS12", "-keystore", file(store), "-storepass", password);
        Path log = folder.resolve("keytool.log");
        Process process = new ProcessBuilder(all)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("keytool failed: " + Files.readString(log));
        }
    }
}
