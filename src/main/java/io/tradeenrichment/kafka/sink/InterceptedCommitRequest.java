package io.tradeenrichment.kafka.sink;

import org.apache.flink.api.connector.sink2.Committer.CommitRequest;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.jspecify.annotations.Nullable;

/** A commit request that keeps a failure for the guard instead of passing it to Flink. It passes on everything else. */
final class InterceptedCommitRequest implements CommitRequest<KafkaCommittable> {
    private final CommitRequest<KafkaCommittable> request;
    private @Nullable Throwable failure;
    private boolean known;

    InterceptedCommitRequest(CommitRequest<KafkaCommittable> request) {
        this.request = request;
    }

    boolean hasFailed() {
        return failure != null;
    }

    /** Does what the connector would have done: Flink counts a failure and continues. */
    void giveUp() {
        request.signalFailedWithKnownReason(reason());
    }

    /** Retries the commit; after a failure that is unknown to the connector, fails the task instead. */
    void retry() {
        if (known) {
            request.retryLater();
        } else {
            request.signalFailedWithUnknownReason(reason());
        }
    }

    /** Fails the task. */
    void failWith(Throwable additional) {
        Throwable reason = reason();
        reason.addSuppressed(additional);
        request.signalFailedWithUnknownReason(reason);
    }

    private Throwable reason() {
        return failure == null ? new IllegalStateException("the commit has not failed") : failure;
    }

    @Override
    public void signalFailedWithKnownReason(Throwable reason) {
        failure = reason;
        known = true;
    }

    @Override
    public void signalFailedWithUnknownReason(Throwable reason) {
        failure = reason;
    }

    @Override
    public KafkaCommittable getCommittable() {
        return request.getCommittable();
    }

    @Override
    public int getNumberOfRetries() {
        return request.getNumberOfRetries();
    }

    @Override
    public void retryLater() {
        request.retryLater();
    }

    @Override
    public void updateAndRetryLater(KafkaCommittable committable) {
        request.updateAndRetryLater(committable);
    }

    @Override
    public void signalAlreadyCommitted() {
        request.signalAlreadyCommitted();
    }

    @Override
    public String toString() {
        return request.toString();
    }
}
