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
 * Ports for processes that listen. The free ones lie below those that the system gives to outgoing connections, so that
 * none is taken between the look and the start; each is given once.
 */
final class Ports {
    private static final int FIRST = 20_000;
    private static final int COUNT = 12_000;
    private static final Random RANDOM = new Random();
    private static final Set<Integer> GIVEN = new HashSet<>();

    private Ports() {}

    /** A port that nobody listens on. */
    static int free() {
        return free(1);
    }

    /** The first of several ports in a row that nobody listens on. */
    static synchronized int free(int inARow) {
        for (int tries = 0; tries < COUNT; tries++) {
            int first = FIRST + RANDOM.nextInt(COUNT);
            List<Integer> row = IntStream.range(first, first + inARow).boxed().toList();
            if (Collections.disjoint(row, GIVEN) && row.stream().allMatch(Ports::isFree)) {
                GIVEN.addAll(row);
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
