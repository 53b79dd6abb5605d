package io.tradeenrichment.cli.embedded;

import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/** Finds a port for the web UI. */
final class WebPort {
    private static final int TRIED = 100;

    private WebPort() {}

    /**
     * The wanted port, or the next free one, which is then printed; 0 is any free port.
     *
     * @throws IOException with one sentence if none of the next hundred is free
     */
    static int from(int wanted, PrintStream out) throws IOException {
        int last = wanted == 0 ? 0 : Math.min(wanted + TRIED, 65_535);
        for (int port = wanted; port <= last; port++) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
                if (port != wanted && wanted != 0) {
                    out.println("Port " + wanted + " is taken; the web UI uses " + port + ".");
                }
                return socket.getLocalPort();
            } catch (IOException taken) {
                // Try the next one.
            }
        }
        throw new IOException(
                "embedded.port: no port from " + wanted + " to " + last + " is free; name another one, or 0 for any");
    }
}
