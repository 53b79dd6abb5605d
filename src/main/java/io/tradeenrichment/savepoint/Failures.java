package io.tradeenrichment.savepoint;

/** What lies at the bottom of a fault of Flink's, which wraps it many times. */
public final class Failures {
    private Failures() {}

    /** In its own words, or by its name if it has none. */
    public static String root(Throwable fault) {
        Throwable root = fault;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    }
}
