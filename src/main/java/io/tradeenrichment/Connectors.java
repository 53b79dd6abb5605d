package io.tradeenrichment;

import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.EndOffsets;
import io.tradeenrichment.model.EnrichedTrade;
import io.tradeenrichment.model.RejectedRecord;
import io.tradeenrichment.model.SnapshotRecords;
import io.tradeenrichment.model.SourceRecord;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The job's sources and sinks. Kafka on a cluster; a generated market and Avro files in the embedded run. */
public interface Connectors {
    SingleOutputStreamOperator<SourceRecord> trades(StreamExecutionEnvironment environment);

    /** The records after the snapshot. Parallelism 1, so that rows keep the order of their partition. */
    SingleOutputStreamOperator<SourceRecord> dimension(StreamExecutionEnvironment environment, Dimension dimension);

    /** Reads the initial snapshot of the dimensions, in each subtask of the join. */
    SnapshotRecords snapshot();

    /** Reports how far the dimensions can be read. */
    EndOffsets endOffsets();

    Sink<EnrichedTrade> enrichedTrades();

    Sink<RejectedRecord> deadLetters();
}
