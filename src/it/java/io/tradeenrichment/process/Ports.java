package io.tradeenrichment.process;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Free ports for servers. They are below the system's range for outgoing connections, which could otherwise take a port
 * between the check and the start. Each is returned once.
 */
final class Ports {
    private static final int FIRST = 20_000;
    private static final int COUNT = 12_000;
    private static final Random RANDOM = new Random();
    private static final Set<Integer> RETURNED = new HashSet<>();

    private Ports() {}

    /** A free port. */
    static int free() {
        return free(1);
    }

    /** The first of several consecutive free ports. */
    static synchronized int free(int count) {
        for (int tries = 0; tries < COUNT; tries++) {
            int first = FIRST + RANDOM.nextInt(COUNT);
            List<Integer> range = IntStream.range(first, first + count).boxed().toList();
            if (Collections.disjoint(range, RETURNED) && range.stream().allMatch(Ports::isFree)) {
                RETURNED.addAll(range);
                return first;
            }
        }
        throw new IllegalStateException("no free port from " + FIRST + " to " + (FIRST + COUNT));
    }

    static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1)) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
