package io.tradeenrichment.join;

/** The status of a trade's wait for a missing row. */
enum WaitStatus {
    /** The trade has time left, as a new trade has. */
    WAITING(""),
    /** The trade has waited for {@code join.wait.timeout}. */
    TIMED_OUT(" within join.wait.timeout"),
    /** The input has ended, so no row can arrive. */
    INPUT_ENDED(" before the input ended");

    private final String suffix;

    WaitStatus(String suffix) {
        this.suffix = suffix;
    }

    /** The end of a dead letter's message. */
    String suffix() {
        return suffix;
    }
}
