package io.tradeenrichment.process;

import java.util.concurrent.Callable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Real processes that all tests of a class use: started at the first use, closed after the last test. */
public final class ClassResource<T extends AutoCloseable> implements AfterAllCallback {
    private final Callable<T> start;
    private T started;

    private ClassResource(Callable<T> start) {
        this.start = start;
    }

    public static <T extends AutoCloseable> ClassResource<T> of(Callable<T> start) {
        return new ClassResource<>(start);
    }

    public synchronized T get() {
        if (started == null) {
            try {
                started = start.call();
            } catch (Exception e) {
                throw new IllegalStateException("the tests' processes did not start", e);
            }
        }
        return started;
    }

    @Override
    public synchronized void afterAll(ExtensionContext context) throws Exception {
        if (started != null) {
            started.close();
        }
    }
}
