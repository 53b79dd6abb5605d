package io.tradeenrichment.operations;

import java.io.IOException;
import java.net.ConnectException;
import org.jspecify.annotations.Nullable;

/** Says in one sentence what a cluster refused, or that it does not answer. */
final class ClusterException extends IOException {
    private static final int NONE = 0;
    private static final int LATE = -1;
    private static final int MISSING = 404;

    private final int status;

    /** @param status of the answer */
    ClusterException(int status, String sentence, @Nullable Throwable cause) {
        super(sentence, cause);
        this.status = status;
    }

    /** The cluster does not answer, or not yet. */
    static ClusterException unanswered(String sentence, @Nullable Throwable cause) {
        return new ClusterException(NONE, sentence, cause);
    }

    /** Somebody's patience was over; what was waited for may still come. */
    static ClusterException late(String sentence) {
        return new ClusterException(LATE, sentence, null);
    }

    boolean isUnanswered() {
        return status == NONE;
    }

    /** Whether the cluster cannot even have heard of what it was asked for. */
    boolean isUnheard() {
        return isUnanswered() && getCause() instanceof ConnectException;
    }

    boolean isLate() {
        return status == LATE;
    }

    /** Whether the cluster knows nothing of what it was asked about. */
    boolean isMissing() {
        return status == MISSING;
    }
}
