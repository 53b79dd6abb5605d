package io.tradeenrichment.process;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** An S3 mock as a process, with a bucket for the state of one cluster. Its jar is in {@code target/s3/lib}. */
public final class S3Server implements AutoCloseable {
    private static final Path JAR = Path.of("target", "s3", "lib", "s3mock.jar");
    private static final String BUCKET = "state";

    private final RealProcess process;
    private final int port;

    private S3Server(RealProcess process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it with a new folder, on a free port, and returns when the bucket exists. */
    public static S3Server start() throws IOException {
        if (!Files.exists(JAR)) {
            throw new IllegalStateException("no server in " + JAR + "; run mvn -f deploy/local/pom.xml package first");
        }
        ProcessFolder folder = ProcessFolder.ofTest("s3");
        int port = Ports.free();
        RealProcess process = folder.start(
                "s3",
                Map.of(),
                List.of(
                        RealProcess.java(),
                        "-Xmx256m",
                        "-Djava.io.tmpdir=" + folder.folder("tmp"),
                        "-jar",
                        JAR.toAbsolutePath().toString(),
                        "--com.adobe.testing.s3mock.http-port=" + port,
                        // The HTTPS port.
                        "--server.port=" + Ports.free()));
        S3Server server = new S3Server(process, port);
        process.awaitReady(server::createsBucket);
        return server;
    }

    /** Settings of a cluster that writes its checkpoints to the bucket. */
    public Map<String, String> checkpoints() {
        return Map.of(
                "execution.checkpointing.dir", folder("checkpoints").toString(),
                "s3.endpoint", url(),
                // The bucket is part of the path, not of the host name.
                "s3.path.style.access", "true",
                "s3.access-key", "any",
                "s3.secret-key", "any");
    }

    /** The URI of a folder of the bucket. */
    public URI folder(String name) {
        return URI.create("s3://" + BUCKET + "/" + name);
    }

    private String url() {
        return "http://localhost:" + port;
    }

    private boolean createsBucket() throws InterruptedException {
        HttpRequest put = HttpRequest.newBuilder(URI.create(url() + "/" + BUCKET))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        try {
            return HttpClient.newHttpClient()
                            .send(put, BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
    }
}
