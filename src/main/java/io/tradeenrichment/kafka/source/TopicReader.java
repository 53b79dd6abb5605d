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
 * The connector's reader, with topic ids: looks up the topic's id at its start, compares it with the ids of restored
 * splits, and saves it with every split. Used by the task's thread.
 */
@SuppressWarnings("try") // Flink declares that close may throw InterruptedException.
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
                known = recreated.current();
            } catch (IOException e) {
                throw new UncheckedIOException(recreated.key() + ": " + e.getMessage(), e);
            }
            topic = known;
        }
        return known;
    }

    /** Flink adds restored splits before {@link #start}, and those that the enumerator assigns after it. */
    @Override
    public void addSplits(List<KafkaPartitionSplit> splits) {
        reader.addSplits(recreated.checkRestored(splits, topic()));
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
