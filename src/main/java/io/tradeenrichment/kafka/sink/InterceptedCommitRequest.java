package io.tradeenrichment.kafka.sink;

import org.apache.flink.api.connector.sink2.Committer.CommitRequest;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.jspecify.annotations.Nullable;

/** A request to commit of which it is heard first, before Flink, that the committer gives it up. All else is handed on. */
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

    /** As the connector would have done: Flink counts a failure, and goes on. */
    void giveUp() {
        request.signalFailedWithKnownReason(reason());
    }

    /** After a failure that the connector does not know, the task begins anew in place of trying the same again. */
    void tryAgain() {
        if (known) {
            request.retryLater();
        } else {
            request.signalFailedWithUnknownReason(reason());
        }
    }

    /** Fails the task. */
    void failWith(Throwable more) {
        Throwable reason = reason();
        reason.addSuppressed(more);
        request.signalFailedWithUnknownReason(reason);
    }

    private Throwable reason() {
        return failure == null ? new IllegalStateException("it has not failed") : failure;
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
