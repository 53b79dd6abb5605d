package io.tradeenrichment.registry;

import java.io.IOException;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/** Collects the bytes of an answer up to a limit. */
final class LimitedBody implements BodySubscriber<byte[]> {
    private final BodySubscriber<byte[]> bytes = BodySubscribers.ofByteArray();
    private long remaining;
    private Flow.@Nullable Subscription subscription;

    LimitedBody(long limit) {
        this.remaining = limit;
    }

    static final class TooLongException extends IOException {}

    @Override
    public CompletionStage<byte[]> getBody() {
        return bytes.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription to) {
        subscription = to;
        bytes.onSubscribe(to);
    }

    @Override
    public void onNext(List<ByteBuffer> items) {
        if (remaining < 0) {
            return;
        }
        for (ByteBuffer item : items) {
            remaining -= item.remaining();
        }
        if (remaining < 0) {
            if (subscription != null) {
                subscription.cancel();
            }
            bytes.onError(new TooLongException());
        } else {
            bytes.onNext(items);
        }
    }

    @Override
    public void onError(Throwable fault) {
        bytes.onError(fault);
    }

    @Override
    public void onComplete() {
        bytes.onComplete();
    }
}
