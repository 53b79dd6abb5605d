package io.tradeenrichment.cli.terminal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Ctrl-C, or another request to end the JVM. The JVM then stays until {@link #close}, for at most 30 seconds. */
public final class Interrupt implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Runnable action;
    private final Thread hook = new Thread(this::request, "on-interrupt");
    private volatile boolean requested;

    private Interrupt(Runnable action) {
        this.action = action;
    }

    /** For a command that calls {@link #isRequested} from time to time. */
    public static Interrupt polled() {
        return handledBy(() -> {});
    }

    /** @param action makes the command end; runs in a thread of its own */
    public static Interrupt handledBy(Runnable action) {
        Interrupt interrupt = new Interrupt(action);
        Runtime.getRuntime().addShutdownHook(interrupt.hook);
        return interrupt;
    }

    public boolean isRequested() {
        return requested;
    }

    private void request() {
        if (finished.getCount() == 0) {
            return;
        }
        requested = true;
        action.run();
        try {
            finished.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets the JVM end. */
    @Override
    public void close() {
        finished.countDown();
        if (!requested) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException e) {
                // The JVM is ending already.
            }
        }
    }
}
