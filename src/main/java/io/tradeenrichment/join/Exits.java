package io.tradeenrichment.join;

import io.tradeenrichment.model.EnrichedTrade;
import io.tradeenrichment.model.Rejection;
import java.util.function.Consumer;
import org.apache.flink.util.Collector;

/** The two ways out of the join. */
record Exits(Collector<EnrichedTrade> enriched, Consumer<Rejection> rejected) {}
