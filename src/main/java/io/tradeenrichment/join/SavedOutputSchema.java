package io.tradeenrichment.join;

import java.util.Optional;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * The schema of the enriched trades, saved with the state of the join. The job does not read it; the command
 * {@code preflight} compares it with the schema that the next version writes.
 */
final class SavedOutputSchema {
    /** Under the key {@code enriched}: the schema as JSON. */
    static final MapStateDescriptor<String, String> STATE =
            new MapStateDescriptor<>("output-schema", Types.STRING, Types.STRING);

    private static final String ENRICHED = "enriched";

    private final BroadcastState<String, String> state;

    SavedOutputSchema(OperatorStateStore store) throws Exception {
        state = store.getBroadcastState(STATE);
    }

    /** Empty before the first checkpoint, and in the state of a version that did not save it. */
    Optional<String> json() throws Exception {
        return Optional.ofNullable(state.get(ENRICHED));
    }

    void save(String json) throws Exception {
        state.put(ENRICHED, json);
    }
}
