package io.tradeenrichment.cli.terminal;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Handles Ctrl-C, or another request to end the JVM, until it is closed. */
public final class Interrupt implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    private final CountDownLatch closed = new CountDownLatch(1);
    private final BooleanSupplier action;
    private final Thread hook = new Thread(this::request, "on-interrupt");
    private volatile boolean requested;

    /** @param action returns whether the JVM waits for {@link #close} */
    private Interrupt(BooleanSupplier action) {
        this.action = action;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** For a command that calls {@link #isRequested} from time to time. The JVM ends at {@link #close}, or after 30 s. */
    public static Interrupt polled() {
        return new Interrupt(() -> true);
    }

    /**
     * The JVM ends at {@link #close}, or 30 s after the action has returned; at once if the action returns false.
     *
     * @param action makes the command end, and returns whether it will; runs in a thread of its own
     */
    public static Interrupt stoppingWith(BooleanSupplier action) {
        return new Interrupt(action);
    }

    /**
     * The JVM ends when the action returns.
     *
     * @param action runs in a thread of its own
     */
    public static Interrupt endingWith(Runnable action) {
        return new Interrupt(() -> {
            action.run();
            return false;
        });
    }

    public boolean isRequested() {
        return requested;
    }

    private void request() {
        if (closed.getCount() == 0) {
            return;
        }
        requested = true;
        boolean awaitsClose = action.getAsBoolean();
        try {
            if (awaitsClose) {
                closed.await(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is ending already.
        }
    }
}
