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

/** A registry that speaks TLS only, and one that wants to see a key; the keys are made by the JDK's own tool. */
class RegistryTlsTest {
    private static final String PASSWORD = "canary";

    @TempDir
    private static Path folder;

    private static StubRegistry registry;
    private static StubRegistry choosy;

    @BeforeAll
    static void start() throws Exception {
        new KeyFiles(folder, PASSWORD).make("server").make("client");
        var server = new RegistryConfig.Tls(store("client-trusted.p12"), store("server.p12"));
        registry = StubRegistry.withTls(TlsContext.of(server), false).on("GET /good", 200, "{}");
        choosy = StubRegistry.withTls(TlsContext.of(server), true).on("GET /good", 200, "{}");
    }

    @AfterAll
    static void stop() {
        registry.close();
        choosy.close();
    }

    @Test
    void certificatesAreTakenFromAStoreOrFromPem() throws Exception {
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
    void aStrangerIsNotTrusted() throws Exception {
        RegistryException e = catchThrowableOfType(
                RegistryException.class, () -> new RegistryClient(Configs.of(registry.url())).get("/good"));
        assertThat(e.fault()).isEqualTo(Fault.NO_ANSWER);
        assertThat(e)
                .hasMessageContaining("cannot be reached: ")
                .hasMessageContaining("unable to find valid certification");
    }

    @Test
    void aRegistryThatWantsAKeyIsShownOne() throws Exception {
        Path password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
        assertThat(new RegistryClient(Configs.of(
                                choosy.url(),
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
                () -> new RegistryClient(Configs.of(choosy.url(), "registry.truststore.file", file("server.pem")))
                        .get("/good"));
        assertThat(e.fault()).isEqualTo(Fault.NO_ANSWER);
    }

    @Test
    void aStoreWithAnotherPasswordIsNamedWithoutIt() {
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

    private static RegistryConfig.Store store(String name) {
        return new RegistryConfig.Store(file(name), new Secret(PASSWORD, false));
    }

    private static String file(String name) {
        return folder.resolve(name).toString();
    }
}
