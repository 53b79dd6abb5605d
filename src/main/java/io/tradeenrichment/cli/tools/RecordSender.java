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

/** Sends records to the topics of their feeds, with the time of sending. A failed send is reported by the next call. */
final class RecordSender {
    private final Producer<byte[], byte[]> producer;
    private final KafkaConfig.Topics topics;
    private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();

    RecordSender(Producer<byte[], byte[]> producer, KafkaConfig.Topics topics) {
        this.producer = producer;
        this.topics = topics;
    }

    /** @throws IOException with one sentence if Kafka did not accept this record or an earlier one */
    @SuppressWarnings("FutureReturnValueIgnored") // the callback receives the failure
    void send(Feed feed, byte @Nullable [] key, byte @Nullable [] value) throws IOException {
        check();
        try {
            producer.send(new ProducerRecord<>(topics.of(feed), key, value), (sent, exception) -> {
                if (exception != null) {
                    failure.compareAndSet(null, exception);
                }
            });
        } catch (KafkaException e) {
            throw failed(e);
        }
    }

    /** Returns when Kafka has every record so far. */
    void flush() throws IOException {
        producer.flush();
        check();
    }

    private void check() throws IOException {
        Exception exception = failure.get();
        if (exception != null) {
            throw failed(exception);
        }
    }

    private static IOException failed(Exception cause) {
        return new IOException("Kafka did not accept a record: " + Failures.rootCause(cause), cause);
    }
}
