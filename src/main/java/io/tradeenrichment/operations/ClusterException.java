package io.tradeenrichment.operations;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Says in one sentence what a cluster refused, or that it does not answer. */
final class ClusterException extends IOException {
    private static final int MISSING = 404;

    private final int status;

    /** @param status of the answer; 0 if there was none */
    ClusterException(int status, String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
        this.status = status;
    }

    boolean isUnanswered() {
        return status == 0;
    }

    /** Whether the cluster knows nothing of what it was asked about. */
    boolean isMissing() {
        return status == MISSING;
    }
}
