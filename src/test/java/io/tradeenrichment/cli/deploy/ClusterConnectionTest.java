package io.tradeenrichment.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.tradeenrichment.KeyFiles;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.SecurityOptions;
import org.apache.flink.runtime.highavailability.ClientHighAvailabilityServices;
import org.apache.flink.runtime.highavailability.HighAvailabilityServices;
import org.apache.flink.runtime.highavailability.HighAvailabilityServicesFactory;
import org.apache.flink.runtime.highavailability.nonha.standalone.StandaloneClientHAServices;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the commands reach a cluster, and what they report if they do not. */
class ClusterConnectionTest extends OnStubCluster {
    private static final String PASSWORD = "hunter22";
    /** For the keys of the test; Flink's default is for RSA. */
    private static final String CIPHER = "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256";

    private static final ConfigOption<String> LEADER =
            ConfigOptions.key("stub.leader").stringType().noDefaultValue();

    @TempDir
    private static Path keys;

    @BeforeAll
    static void createKeys() throws Exception {
        new KeyFiles(keys, PASSWORD).make("server").make("other");
    }

    @Test
    void reportsAClusterThatDoesNotAnswer() throws Exception {
        cluster.close();

        Outcome failed = rollback("--cluster.timeout", "1 s");

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).contains("the cluster at " + cluster.url() + " does not answer: ");
    }

    @Test
    void reportsAServerThatIsNotAFlinkCluster() throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
        server.createContext("/", exchange -> {
            byte[] page = "<html>Welcome</html>".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        server.start();
        String url = "http://localhost:" + server.getAddress().getPort();

        Outcome failed = rollback("--cluster.url", url);

        server.stop(0);
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).isEqualTo(url + " is not the REST endpoint of a Flink cluster\n");
    }

    @Test
    void reachesAClusterWithTls() throws Exception {
        Outcome submitted = submitWithTls("server");

        assertThat(submitted.err()).isEmpty();
        assertThat(submitted.code()).isZero();
        assertThat(cluster.requests).contains("upload", "run at 2 from nothing: " + SERVERS);
    }

    @Test
    void reportsACertificateThatItDoesNotTrust() throws Exception {
        Outcome refused = submitWithTls("other");

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .startsWith("the cluster at " + cluster.url() + " does not answer: ")
                .contains("unable to find valid certification path")
                .hasLineCount(1);
        assertThat(cluster.requests).isEmpty();
    }

    /** @param trusted the key whose certificate the command trusts; the cluster's is {@code server} */
    private Outcome submitWithTls(String trusted) throws Exception {
        Configuration endpoint = new Configuration();
        endpoint.set(SecurityOptions.SSL_REST_ENABLED, true);
        endpoint.set(
                SecurityOptions.SSL_REST_KEYSTORE, keys.resolve("server.p12").toString());
        endpoint.set(SecurityOptions.SSL_REST_KEYSTORE_PASSWORD, PASSWORD);
        endpoint.set(SecurityOptions.SSL_REST_KEY_PASSWORD, PASSWORD);
        endpoint.set(SecurityOptions.SSL_ALGORITHMS, CIPHER);
        cluster.close();
        cluster = new StubCluster(endpoint);
        config("security.ssl.rest.truststore: " + keys.resolve(trusted + "-trusted.p12")
                + "\nsecurity.ssl.rest.truststore-password: " + PASSWORD + "\nsecurity.ssl.algorithms: " + CIPHER);
        return submit(
                "--cluster.url", cluster.url(), "--cluster.config", folder.toString(), "--cluster.timeout", "2 s");
    }

    private void config(String yaml) throws IOException {
        Files.writeString(folder.resolve("config.yaml"), yaml + "\nrest.address: localhost\n");
    }

    @Test
    void usesTheAddressInFlinksConfiguration() throws Exception {
        config("rest.port: " + cluster.port());

        Outcome submitted = submit("--cluster.config", folder.toString());

        assertThat(submitted.code()).isZero();
        assertThat(submitted.out()).contains(cluster.url());
    }

    @Test
    void findsTheLeaderByHighAvailabilityServices() throws Exception {
        config("high-availability.type: " + StubHighAvailability.class.getName() + "\nstub.leader: " + cluster.url());

        Outcome submitted = submit("--cluster.config", folder.toString());

        assertThat(submitted.code()).isZero();
        assertThat(cluster.requests).contains("upload", "run at 2 from nothing: " + SERVERS);
    }

    /** Knows the leader from Flink's configuration. */
    public static final class StubHighAvailability implements HighAvailabilityServicesFactory {
        @Override
        public HighAvailabilityServices createHAServices(Configuration configuration, Executor executor) {
            throw new UnsupportedOperationException();
        }

        @Override
        public ClientHighAvailabilityServices createClientHAServices(Configuration configuration) {
            return new StandaloneClientHAServices(configuration.get(LEADER));
        }
    }

    @Test
    void refusesAFolderWithoutFlinksConfiguration() throws Exception {
        Outcome missing = submit("--cluster.config", folder.toString());
        Files.writeString(folder.resolve("config.yaml"), "parallelism.default: 2\n");
        Outcome noAddress = submit("--cluster.config", folder.toString());
        config("security.ssl.rest.enabled: true\nsecurity.ssl.rest.truststore: /missing.p12\n"
                + "security.ssl.rest.truststore-password: x");
        Outcome noTruststore = submit("--cluster.config", folder.toString());

        assertThat(missing.code()).isEqualTo(2);
        assertThat(missing.err())
                .startsWith("cluster.config is " + folder + ", but has no readable config.yaml")
                .hasLineCount(1);
        assertThat(noAddress.code()).isEqualTo(2);
        assertThat(noAddress.err())
                .startsWith("cluster.config or cluster.url cannot be used: ")
                .contains("rest.address");
        assertThat(noTruststore.code()).isEqualTo(2);
        assertThat(noTruststore.err())
                .startsWith("cluster.config or cluster.url cannot be used: ")
                .contains("/missing.p12")
                .hasLineCount(1);
    }

    @Test
    void refusesAnAddressWithAPassword() {
        Outcome refused = rollback("--cluster.url", "http://ops:hunter2@flink:8081");

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .startsWith("cluster.url is not an address such as http://host:8081; ")
                .contains("FLINK_REST_CLIENT_HEADERS")
                .doesNotContain("hunter2");
    }

    @Test
    void reportsAHostNameThatIsUnknown() {
        Outcome unknown = rollback("--cluster.url", "http://job_manager.invalid:8081");

        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err())
                .startsWith("cluster.config or cluster.url cannot be used: UnknownHostException: job_manager.invalid");
    }
}
