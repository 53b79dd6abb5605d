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
 * What a source does with restored splits if their topic was deleted and created again: the job fails, unless the user
 * has accepted the id of the new topic.
 *
 * @param key of the setting that names the topic
 * @param client properties of an admin client
 * @param timeout for the lookup of the topic
 * @param accepted ids of recreated topics that may be read
 * @param starts where to start in an accepted topic; a partition without an offset starts at its beginning
 */
record RecreatedTopic(
        String key,
        String topic,
        Properties client,
        Duration timeout,
        Set<String> accepted,
        Map<TopicPartition, Long> starts)
        implements Serializable {

    RecreatedTopic {
        accepted = Set.copyOf(accepted);
        starts = Map.copyOf(starts);
    }

    /** Looks up the topic that has the name now; blocks up to the timeout. */
    TopicIdentity current() throws IOException {
        return TopicIdentity.lookUp(client, topic, timeout);
    }

    /**
     * Returns the splits to read: those of the current topic as they were saved, those of an accepted topic at their
     * new start.
     *
     * @throws SuppressRestartsException if a split belongs to another topic, which a restart would not change
     */
    List<KafkaPartitionSplit> checkRestored(List<KafkaPartitionSplit> restored, TopicIdentity current) {
        List<KafkaPartitionSplit> splits = new ArrayList<>();
        for (KafkaPartitionSplit split : restored) {
            if (!split.getTopic().equals(topic)) {
                throw unrecoverable(key + " is " + topic + ", but this state belongs to a job that read the topic "
                        + split.getTopic() + "; set it to " + split.getTopic()
                        + ", or start the job without this state");
            }
            if (!(split instanceof TopicSplit saved)
                    || !current.isKnown()
                    || saved.topicId().equals(current.id())) {
                splits.add(split);
                continue;
            }
            if (!accepted.contains(current.id().toString())) {
                throw unrecoverable(recreated(saved, current));
            }
            if (split.getPartition() >= current.partitions()) {
                // The enumerator never forgets a partition. It would not assign this one when it is added again.
                throw unrecoverable(key + ": the topic " + topic + " was created again with " + current.partitions()
                        + " partitions, but had at least " + (split.getPartition() + 1)
                        + "; add partitions, or start the job without this state");
            }
            splits.add(new KafkaPartitionSplit(
                    split.getTopicPartition(),
                    starts.getOrDefault(split.getTopicPartition(), KafkaPartitionSplit.EARLIEST_OFFSET)));
        }
        return splits;
    }

    private static SuppressRestartsException unrecoverable(String sentence) {
        return new SuppressRestartsException(new IOException(sentence));
    }

    private String recreated(TopicSplit saved, TopicIdentity current) {
        return key + ": the topic " + topic + " was deleted and created again after this state was saved (its id was "
                + saved.topicId() + " and is " + current.id() + "), so the offset " + saved.getStartingOffset()
                + " of its partition " + saved.getPartition() + " does not apply to the new topic;"
                + " to read the new topic from its beginning, start the job from this state with "
                + KafkaOptions.TOPICS_ACCEPT_RECREATED.key() + " set to " + current.id();
    }
}
