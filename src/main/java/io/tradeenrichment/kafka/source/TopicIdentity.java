package io.tradeenrichment.kafka.source;

import io.tradeenrichment.settings.Failures;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * The id of the topic that has a name now. A topic that was deleted and created again has the same name and another id,
 * and the offsets of the old topic do not apply to it.
 *
 * @param id {@link Uuid#ZERO_UUID} if the broker does not support topic ids
 */
record TopicIdentity(Uuid id, int partitions) {

    /**
     * Blocks up to the timeout.
     *
     * @param client properties of an admin client
     * @throws IOException if the topic does not exist, or Kafka does not answer
     */
    static TopicIdentity lookUp(Properties client, String topic, Duration timeout) throws IOException {
        Admin admin = Admin.create(client);
        try {
            TopicDescription description = admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get(timeout.toMillis(), TimeUnit.MILLISECONDS)
                    .get(topic);
            if (description == null) {
                throw missing(topic, null);
            }
            return of(description);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw missing(topic, e);
            }
            throw new IOException("the topic " + topic + " cannot be looked up: " + Failures.rootCause(e), e);
        } catch (TimeoutException e) {
            throw new IOException(
                    "the topic " + topic + " cannot be looked up: Kafka has not answered within " + timeout.toSeconds()
                            + " s",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while looking up the topic " + topic, e);
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    static TopicIdentity of(TopicDescription description) {
        return new TopicIdentity(description.topicId(), description.partitions().size());
    }

    private static IOException missing(String topic, @Nullable Throwable cause) {
        return new IOException("the topic " + topic + " no longer exists", cause);
    }

    boolean isKnown() {
        return !id.equals(Uuid.ZERO_UUID);
    }

    /** The id as a number for state; 0 only for an unknown id. */
    static long number(Uuid id) {
        return id.getMostSignificantBits() ^ Long.rotateLeft(id.getLeastSignificantBits(), 32);
    }
}
