package io.tradeenrichment.cli.deploy;

import java.io.IOException;

/** One sentence: what the cluster refused, or that it does not answer. */
final class ClusterException extends IOException {
    private final Kind kind;

    enum Kind {
        REFUSED,
        /** The cluster does not know the job, or has no such statistics. */
        NOT_FOUND,
        /** The cluster did not receive the request. */
        UNREACHABLE,
        /** The cluster may have received the request, but did not answer, or cannot answer yet. */
        UNANSWERED,
        /** The TLS handshake failed. */
        UNTRUSTED,
        /** A polling loop reached its deadline. The awaited event may still happen. */
        TIMEOUT
    }

    ClusterException(Kind kind, String sentence) {
        super(sentence);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    boolean isUnanswered() {
        return kind == Kind.UNANSWERED || kind == Kind.UNREACHABLE || kind == Kind.UNTRUSTED;
    }
}
