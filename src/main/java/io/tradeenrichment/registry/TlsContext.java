package io.tradeenrichment.registry;

import io.tradeenrichment.settings.Failures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Creates the TLS context from the truststore and keystore files. */
final class TlsContext {
    private TlsContext() {}

    /** @throws IOException with the file's name if a file is not usable */
    static SSLContext of(TlsConfig tls) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(tls.keystore()), certificates(tls.truststore()), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("TLS cannot be set up: " + Failures.message(e), e);
        }
    }

    private static TrustManager @Nullable [] certificates(TlsConfig.@Nullable Store store)
            throws IOException, GeneralSecurityException {
        if (store == null) {
            return null;
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(isPem(store.file()) ? pem(store.file()) : load(store));
        return factory.getTrustManagers();
    }

    private static KeyManager @Nullable [] keys(TlsConfig.@Nullable Store store)
            throws IOException, GeneralSecurityException {
        if (store == null) {
            return null;
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(load(store), password(store));
        return factory.getKeyManagers();
    }

    private static KeyStore load(TlsConfig.Store store) throws IOException {
        try {
            return KeyStore.getInstance(Path.of(store.file()).toFile(), password(store));
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw unusable(store.file(), e);
        }
    }

    private static char @Nullable [] password(TlsConfig.Store store) throws IOException {
        return store.password() == null ? null : store.password().read().toCharArray();
    }

    private static boolean isPem(String file) throws IOException {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            return new String(in.readNBytes(5), StandardCharsets.ISO_8859_1).equals("-----");
        } catch (IOException | RuntimeException e) {
            throw unusable(file, e);
        }
    }

    private static KeyStore pem(String file) throws IOException {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            for (Certificate certificate :
                    CertificateFactory.getInstance("X.509").generateCertificates(in)) {
                store.setCertificateEntry("trusted-" + store.size(), certificate);
            }
            return store;
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw unusable(file, e);
        }
    }

    private static IOException unusable(String file, Exception e) {
        return new IOException(
                file + " cannot be used: "
                        + (!Files.exists(Path.of(file)) ? "there is no such file" : Failures.message(e)),
                e);
    }
}
