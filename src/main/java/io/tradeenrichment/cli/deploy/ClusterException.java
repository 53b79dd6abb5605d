package io.tradeenrichment.cli.deploy;

import java.io.IOException;

/** One sentence: what the cluster refused, or that it does not answer. */
final class ClusterException extends IOException {
    final Kind kind;

    enum Kind {
        REFUSED,
        /** The cluster does not know the job, or has no such statistics. */
        NOT_FOUND,
        /** There was no answer in time, or the cluster cannot answer yet. What was requested may still happen. */
        UNANSWERED
    }

    ClusterException(Kind kind, String sentence) {
        super(sentence);
        this.kind = kind;
    }
}
