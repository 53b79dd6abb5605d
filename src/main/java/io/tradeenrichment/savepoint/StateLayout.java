package io.tradeenrichment.savepoint;

import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.IncrementalRemoteKeyedStateHandle;
import org.apache.flink.runtime.state.KeyGroupsStateHandle;
import org.apache.flink.runtime.state.KeyedBackendSerializationProxy;
import org.apache.flink.runtime.state.KeyedStateHandle;
import org.apache.flink.runtime.state.OperatorBackendSerializationProxy;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.StreamStateHandle;
import org.apache.flink.runtime.state.metainfo.StateMetaInfoSnapshot;
import org.jspecify.annotations.Nullable;

/** How an operator's state is written: what the heads of its files say of each state and of its serializers. */
final class StateLayout {
    private final Map<String, StateMetaInfoSnapshot> states = new TreeMap<>();
    private @Nullable TypeSerializerSnapshot<?> keys;

    /** @throws IOException if a head cannot be read, for one because a newer job has written it */
    static StateLayout of(OperatorState operator) throws IOException {
        StateLayout layout = new StateLayout();
        for (OperatorSubtaskState subtask : operator.getStates()) {
            layout.addKeyed(subtask.getManagedKeyedState());
            layout.addOperators(subtask.getManagedOperatorState());
        }
        return layout;
    }

    /** @throws IOException if a head cannot be read */
    void addKeyed(Collection<KeyedStateHandle> handles) throws IOException {
        for (KeyedStateHandle handle : handles) {
            StreamStateHandle file = headOf(handle);
            if (file == null) {
                continue;
            }
            var head = new KeyedBackendSerializationProxy<>(StateLayout.class.getClassLoader());
            try (InputStream in = file.openInputStream()) {
                head.read(new DataInputViewStreamWrapper(in));
            }
            keys = head.getKeySerializerSnapshot();
            add(head.getStateMetaInfoSnapshots());
        }
    }

    /** @throws IOException if a head cannot be read */
    void addOperators(Collection<OperatorStateHandle> handles) throws IOException {
        for (OperatorStateHandle handle : handles) {
            var head = new OperatorBackendSerializationProxy(StateLayout.class.getClassLoader());
            try (InputStream in = handle.openInputStream()) {
                head.read(new DataInputViewStreamWrapper(in));
            }
            add(head.getOperatorStateMetaInfoSnapshots());
            add(head.getBroadcastStateMetaInfoSnapshots());
        }
    }

    private static @Nullable StreamStateHandle headOf(KeyedStateHandle handle) {
        if (handle instanceof KeyGroupsStateHandle groups) {
            return groups.getDelegateStateHandle();
        }
        return handle instanceof IncrementalRemoteKeyedStateHandle incremental
                ? incremental.getMetaDataStateHandle()
                : null;
    }

    private void add(Collection<StateMetaInfoSnapshot> found) {
        found.forEach(state -> states.put(state.getName(), state));
    }

    /** Each state by its name. */
    Map<String, StateMetaInfoSnapshot> states() {
        return states;
    }

    /** How the keys of keyed state are written; null if there is none. */
    @Nullable TypeSerializerSnapshot<?> keys() {
        return keys;
    }
}
