package io.tradeenrichment.process;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A ZooKeeper of one node, from Flink's jars, and the folder of {@code high-availability.storageDir}. Both remain when a
 * cluster that uses them ends.
 */
public final class ZooKeeper implements AutoCloseable {
    /** After this time without a heartbeat a leader is replaced. */
    private static final String SESSION_TIMEOUT = "6 s";

    private static final int TIMEOUT_MILLIS = 1_000;

    private final ProcessFolder folder;
    private final int port;
    private final RealProcess process;

    private ZooKeeper(ProcessFolder folder, int port) throws Exception {
        this.folder = folder;
        this.port = port;
        FlinkDistribution flink = new FlinkDistribution(FlinkDistribution.usualVersion(), folder, List.of());
        process = flink.start(
                "zookeeper",
                "org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer",
                List.of("--zkConfigFile", configure().toString(), "--peerId", "1"));
        process.awaitReady(this::answers);
    }

    /** Starts it with a new folder, on a free port, and returns when it answers. */
    public static ZooKeeper start() throws Exception {
        return start(ProcessFolder.ofTest("zookeeper"), Ports.free());
    }

    static ZooKeeper start(ProcessFolder folder, int port) throws Exception {
        return new ZooKeeper(folder, port);
    }

    /** Settings of a highly available cluster; a later cluster with the same settings recovers its jobs. */
    public Map<String, String> highAvailability() throws IOException {
        return Map.of(
                "high-availability.type",
                "zookeeper",
                "high-availability.zookeeper.quorum",
                address(),
                "high-availability.storageDir",
                folder.folder("high-availability").toUri().toString(),
                "high-availability.zookeeper.client.session-timeout",
                SESSION_TIMEOUT,
                "high-availability.zookeeper.client.connection-timeout",
                SESSION_TIMEOUT);
    }

    String address() {
        return "localhost:" + port;
    }

    private Path configure() throws IOException {
        return Files.writeString(folder.file("zoo.cfg"), """
                dataDir=%s
                clientPortAddress=localhost
                clientPort=%d
                # The maximum session timeout is twenty ticks.
                tickTime=1000
                admin.enableServer=false
                """.formatted(folder.folder("data"), port));
    }

    private boolean answers() {
        try (Socket socket = new Socket("localhost", port)) {
            // Before it has read its data, ZooKeeper neither answers nor closes the connection.
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write("srvr".getBytes(StandardCharsets.US_ASCII));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).contains("Mode:");
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.close();
    }
}
