package io.tradeenrichment.kafka.source;

import io.tradeenrichment.kafka.client.KafkaOptions;
import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.kafka.common.TopicPartition;

/**
 * What becomes of restored offsets if their topic was deleted and created again: the job ends with one sentence, unless
 * the new topic's id was accepted by name.
 *
 * @param key of the setting that names the topic
 * @param client properties of an admin client
 * @param accepted the ids of new topics that are read in place of the old ones
 * @param starts where a new topic is begun, by partition; a partition without one is read from its beginning
 */
public record RecreatedTopic(
        String key,
        String topic,
        Properties client,
        Duration timeout,
        Set<String> accepted,
        Map<TopicPartition, Long> starts)
        implements Serializable {

    public RecreatedTopic {
        accepted = Set.copyOf(accepted);
        starts = Map.copyOf(starts);
    }

    /** Which topic has the name now. May block as long as the timeout says. */
    TopicIdentity now() throws IOException {
        return TopicIdentity.lookUp(client, topic, timeout);
    }

    /**
     * The splits that reading goes on from.
     *
     * @throws SuppressRestartsException if one is of another topic than is to be read now, which no restart can mend
     */
    List<KafkaPartitionSplit> judge(List<KafkaPartitionSplit> restored, TopicIdentity now) {
        List<KafkaPartitionSplit> judged = new ArrayList<>();
        for (KafkaPartitionSplit split : restored) {
            if (!split.getTopic().equals(topic)) {
                throw unrecoverable(key + " is " + topic
                        + ", but this state was saved by a job that had read the topic " + split.getTopic()
                        + "; set it to " + split.getTopic() + ", or start the job without this state");
            }
            if (!(split instanceof TopicSplit saved)
                    || !now.isKnown()
                    || saved.topicId().equals(now.id())) {
                judged.add(split);
                continue;
            }
            if (!accepted.contains(now.id().toString())) {
                throw unrecoverable(sentence(saved, now));
            }
            if (split.getPartition() >= now.partitions()) {
                // The source would take partitions that are added later for those that it has read.
                throw unrecoverable(key + ": the topic " + topic + " was created again with " + now.partitions()
                        + " partitions, but had at least " + (split.getPartition() + 1)
                        + "; add as many, or start the job without this state");
            }
            judged.add(new KafkaPartitionSplit(
                    split.getTopicPartition(),
                    starts.getOrDefault(split.getTopicPartition(), KafkaPartitionSplit.EARLIEST_OFFSET)));
        }
        return judged;
    }

    private static SuppressRestartsException unrecoverable(String sentence) {
        return new SuppressRestartsException(new IOException(sentence));
    }

    private String sentence(TopicSplit saved, TopicIdentity now) {
        return key + ": the topic " + topic + " was deleted and created again after this state was saved (its id was "
                + saved.topicId() + " and is " + now.id() + "), so the offset " + saved.getStartingOffset()
                + " of its partition " + saved.getPartition() + " says nothing about the new topic;"
                + " to read the new topic from its beginning, start the job from this state with "
                + KafkaOptions.TOPICS_ACCEPT_RECREATED.key() + " set to " + now.id();
    }
}
