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
 * Which topic has a name at present. A topic that is deleted and created again has the same name, but another id, and its
 * offsets have nothing to do with those of the old one.
 *
 * @param id {@link Uuid#ZERO_UUID} where the broker is too old to know ids
 */
public record TopicIdentity(Uuid id, int partitions) {

    /**
     * Asks Kafka. May block as long as the timeout says.
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
            throw new KafkaException("interrupted while the topic " + topic + " was looked up", e);
        } finally {
            admin.close(Duration.ZERO);
        }
    }

    static TopicIdentity of(TopicDescription description) {
        return new TopicIdentity(description.topicId(), description.partitions().size());
    }

    private static IOException missing(String topic, @Nullable Throwable cause) {
        return new IOException("the topic " + topic + " does not exist any more", cause);
    }

    boolean isKnown() {
        return !id.equals(Uuid.ZERO_UUID);
    }

    /** The id as a number for state; 0 only where no id is known. */
    public static long number(Uuid id) {
        return id.getMostSignificantBits() ^ Long.rotateLeft(id.getLeastSignificantBits(), 32);
    }
}
