package io.tradeenrichment.savepoint;

/** Root causes of Flink's exceptions, which are wrapped several times. */
public final class Failures {
    private Failures() {}

    /** The message of the root cause, or its class name if it has no message. */
    public static String root(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
