package io.tradeenrichment.kafka.source;

import io.tradeenrichment.model.SourceRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.InputStatus;
import org.jspecify.annotations.Nullable;

/**
 * Flink's reader of a topic's partitions. Looks the topic's id up once when it begins, holds it against the ids of restored
 * splits, and saves it with every split. Runs in the task's thread.
 */
@SuppressWarnings("try") // close may be interrupted, as Flink's own readers may
final class TopicReader implements SourceReader<SourceRecord, KafkaPartitionSplit> {
    private final SourceReader<SourceRecord, KafkaPartitionSplit> reader;
    private final RecreatedTopic recreated;
    private @Nullable TopicIdentity topic;

    TopicReader(SourceReader<SourceRecord, KafkaPartitionSplit> reader, RecreatedTopic recreated) {
        this.reader = reader;
        this.recreated = recreated;
    }

    private TopicIdentity topic() {
        TopicIdentity known = topic;
        if (known == null) {
            try {
                known = recreated.now();
            } catch (IOException e) {
                throw new UncheckedIOException(recreated.key() + ": " + e.getMessage(), e);
            }
            topic = known;
        }
        return known;
    }

    /** Restored splits come before {@link #start}, those that the enumerator assigns after it. */
    @Override
    public void addSplits(List<KafkaPartitionSplit> splits) {
        reader.addSplits(recreated.judge(splits, topic()));
    }

    @Override
    public void start() {
        topic();
        reader.start();
    }

    @Override
    public List<KafkaPartitionSplit> snapshotState(long checkpointId) {
        List<KafkaPartitionSplit> splits = new ArrayList<>();
        for (KafkaPartitionSplit split : reader.snapshotState(checkpointId)) {
            splits.add(new TopicSplit(split, topic().id()));
        }
        return splits;
    }

    @Override
    public InputStatus pollNext(ReaderOutput<SourceRecord> output) throws Exception {
        return reader.pollNext(output);
    }

    @Override
    public CompletableFuture<Void> isAvailable() {
        return reader.isAvailable();
    }

    @Override
    public void notifyNoMoreSplits() {
        reader.notifyNoMoreSplits();
    }

    @Override
    public void handleSourceEvents(SourceEvent event) {
        reader.handleSourceEvents(event);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        reader.notifyCheckpointComplete(checkpointId);
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
        reader.notifyCheckpointAborted(checkpointId);
    }

    @Override
    public void pauseOrResumeSplits(Collection<String> toPause, Collection<String> toResume) {
        reader.pauseOrResumeSplits(toPause, toResume);
    }

    @Override
    public void close() throws Exception {
        reader.close();
    }
}
