package io.tradeenrichment.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tradeenrichment.KeyFiles;
import io.tradeenrichment.registry.RegistryException.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry with TLS, and one that requires a client key. The JDK's keytool creates the keys. */
class RegistryTlsTest {
    private static final String PASSWORD = "canary";

    @TempDir
    private static Path folder;

    private static StubRegistry registry;
    private static StubRegistry mutual;

    @BeforeAll
    static void start() throws Exception {
        new KeyFiles(folder, PASSWORD).make("server").make("client");
        var server = new TlsConfig(store("client-trusted.p12"), store("server.p12"));
        registry = StubRegistry.withTls(TlsContext.of(server), false).on("GET /good", 200, "{}");
        mutual = StubRegistry.withTls(TlsContext.of(server), true).on("GET /good", 200, "{}");
    }

    @AfterAll
    static void stop() {
        registry.close();
        mutual.close();
    }

    @Test
    void trustsCertificatesFromAStoreOrAPemFile() throws Exception {
        assertThat(new RegistryClient(Configs.of(
                                registry.url(),
                                "registry.truststore.file",
                                file("server-trusted.p12"),
                                "registry.truststore.password",
                                PASSWORD))
                        .get("/good"))
                .isEmpty();
        assertThat(new RegistryClient(Configs.of(registry.url(), "registry.truststore.file", file("server.pem")))
                        .get("/good"))
                .isEmpty();
    }

    @Test
    void rejectsAnUnknownCertificate() throws Exception {
        RegistryException e = catchThrowableOfType(
                RegistryException.class, () -> new RegistryClient(Configs.of(registry.url())).get("/good"));
        assertThat(e.fault()).isEqualTo(Fault.UNAVAILABLE);
        assertThat(e)
                .hasMessageContaining("cannot be reached: ")
                .hasMessageContaining("unable to find valid certification");
    }

    @Test
    void sendsTheClientKeyIfTheRegistryRequiresOne() throws Exception {
        Path password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
        assertThat(new RegistryClient(Configs.of(
                                mutual.url(),
                                "registry.truststore.file",
                                file("server.pem"),
                                "registry.keystore.file",
                                file("client.p12"),
                                "registry.keystore.password-file",
                                password.toString()))
                        .get("/good"))
                .isEmpty();
        RegistryException e = catchThrowableOfType(
                RegistryException.class,
                () -> new RegistryClient(Configs.of(mutual.url(), "registry.truststore.file", file("server.pem")))
                        .get("/good"));
        assertThat(e.fault()).isEqualTo(Fault.UNAVAILABLE);
    }

    @Test
    void namesAStoreWithAWrongPasswordAndHidesThePassword() {
        RegistryException e = catchThrowableOfType(
                RegistryException.class,
                () -> new RegistryClient(Configs.of(
                        registry.url(),
                        "registry.keystore.file",
                        file("client.p12"),
                        "registry.keystore.password",
                        "wrong-canary")));
        assertThat(e).hasMessageStartingWith(file("client.p12") + " cannot be used: ");
        assertThat(e.getMessage()).doesNotContain("canary");
    }

    private static TlsConfig.Store store(String name) {
        return new TlsConfig.Store(file(name), new Secret(PASSWORD, false));
    }

    private static String file(String name) {
        return folder.resolve(name).toString();
    }
}
