package io.tradeenrichment.savepoint;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.AbstractChannelStateHandle;
import org.apache.flink.runtime.state.IncrementalKeyedStateHandle.HandleAndLocalPath;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.StateObject;
import org.apache.flink.runtime.state.StreamStateHandle;

/** The files of an operator's state, of any backend. */
final class StateFiles {
    private final List<StreamStateHandle> files = new ArrayList<>();

    private StateFiles() {}

    /** Includes handles of small state, which is in the metadata itself and has no path. */
    static List<StreamStateHandle> of(OperatorState operator) {
        StateFiles all = new StateFiles();
        operator.getStates().forEach(all::add);
        return all.files;
    }

    private void add(OperatorSubtaskState subtask) {
        addAll(subtask.getManagedKeyedState());
        addAll(subtask.getRawKeyedState());
        addAll(subtask.getManagedOperatorState());
        addAll(subtask.getRawOperatorState());
        addAll(subtask.getInputChannelState());
        addAll(subtask.getResultSubpartitionState());
    }

    private void addAll(Collection<? extends StateObject> handles) {
        for (StateObject handle : handles) {
            if (handle instanceof OperatorStateHandle operator) {
                files.add(operator.getDelegateStateHandle());
            } else if (handle instanceof AbstractChannelStateHandle<?> channel) {
                files.add(channel.getDelegate());
            } else if (handle instanceof KeyedStateHandle keyed) {
                add(keyed);
            }
        }
    }

    private void add(KeyedStateHandle keyed) {
        if (keyed instanceof KeyGroupsStateHandle groups) {
            files.add(groups.getDelegateStateHandle());
        } else if (keyed instanceof IncrementalRemoteKeyedStateHandle incremental) {
            files.add(incremental.getMetaDataStateHandle());
            incremental.getSharedState().stream()
                    .map(HandleAndLocalPath::getHandle)
                    .forEach(files::add);
            incremental.getPrivateState().stream()
                    .map(HandleAndLocalPath::getHandle)
                    .forEach(files::add);
        }
    }
}
