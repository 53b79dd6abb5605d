package io.tradeenrichment.join;

import io.tradeenrichment.model.EnrichedTrade;
import io.tradeenrichment.model.RejectedRecord;
import java.util.function.Consumer;
import org.apache.flink.util.Collector;

/** The main output and the side output of the join. */
record JoinOutputs(Collector<EnrichedTrade> enriched, Consumer<RejectedRecord> rejected) {}
