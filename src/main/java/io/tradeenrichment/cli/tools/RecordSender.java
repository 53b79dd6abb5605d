package io.tradeenrichment.cli.tools;

import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.settings.Failures;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/** Sends records to the topics of their feeds, dated as they are sent. A refusal is told at the next call. */
final class RecordSender {
    private final Producer<byte[], byte[]> producer;
    private final KafkaConfig.Topics topics;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    RecordSender(Producer<byte[], byte[]> producer, KafkaConfig.Topics topics) {
        this.producer = producer;
        this.topics = topics;
    }

    /** @throws IOException with one sentence if this record, or one before it, was refused */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback is told of a refusal
    void send(Feed feed, byte @Nullable [] key, byte @Nullable [] value) throws IOException {
        check();
        try {
            producer.send(new ProducerRecord<>(topics.of(feed), key, value), (sent, refusal) -> {
                if (refusal != null) {
                    failure.compareAndSet(null, refusal);
                }
            });
        } catch (KafkaException e) {
            throw refused(e);
        }
    }

    /** Returns when every record so far is written. */
    void flush() throws IOException {
        producer.flush();
        check();
    }

    private void check() throws IOException {
        Exception refusal = failure.get();
        if (refusal != null) {
            throw refused(refusal);
        }
    }

    private static IOException refused(Exception refusal) {
        return new IOException("Kafka has not taken a record: " + Failures.rootCause(refusal), refusal);
    }
}
