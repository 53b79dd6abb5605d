package io.tradeenrichment.join;

import io.tradeenrichment.model.RejectedRecord;
import io.tradeenrichment.types.ModelTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;

/**
 * Rejected records of the initial snapshot. They are found while a task initializes, when it cannot send anything yet.
 */
final class UnsentRecords {
    static final ListStateDescriptor<RejectedRecord> STATE =
            new ListStateDescriptor<>("unsent-rejections", ModelTypes.REJECTED_RECORD);

    private final ListState<RejectedRecord> state;
    private final List<RejectedRecord> records = new ArrayList<>();

    UnsentRecords(OperatorStateStore store) throws Exception {
        state = store.getListState(STATE);
        state.get().forEach(records::add);
    }

    void add(RejectedRecord record) {
        records.add(record);
    }

    boolean isEmpty() {
        return records.isEmpty();
    }

    void sendTo(Consumer<RejectedRecord> output) {
        records.forEach(output);
        records.clear();
    }

    void snapshot() throws Exception {
        state.update(records);
    }
}
