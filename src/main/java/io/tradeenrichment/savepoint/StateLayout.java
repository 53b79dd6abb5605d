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

/** The layout of an operator's state: the names, kinds and serializers of its states, from the headers of its files. */
final class StateLayout {
    private final Map<String, StateMetaInfoSnapshot> states = new TreeMap<>();
    private @Nullable TypeSerializerSnapshot<?> keys;

    /** @throws IOException if a header cannot be read, for example because a newer build wrote it */
    static StateLayout of(OperatorState operator) throws IOException {
        StateLayout layout = new StateLayout();
        for (OperatorSubtaskState subtask : operator.getStates()) {
            layout.addKeyed(subtask.getManagedKeyedState());
            layout.addOperators(subtask.getManagedOperatorState());
        }
        return layout;
    }

    void addKeyed(Collection<KeyedStateHandle> handles) throws IOException {
        for (KeyedStateHandle handle : handles) {
            StreamStateHandle file = headerFile(handle);
            if (file == null) {
                continue;
            }
            var header = new KeyedBackendSerializationProxy<>(StateLayout.class.getClassLoader());
            try (InputStream in = file.openInputStream()) {
                header.read(new DataInputViewStreamWrapper(in));
            }
            keys = header.getKeySerializerSnapshot();
            add(header.getStateMetaInfoSnapshots());
        }
    }

    void addOperators(Collection<OperatorStateHandle> handles) throws IOException {
        for (OperatorStateHandle handle : handles) {
            var header = new OperatorBackendSerializationProxy(StateLayout.class.getClassLoader());
            try (InputStream in = handle.openInputStream()) {
                header.read(new DataInputViewStreamWrapper(in));
            }
            add(header.getOperatorStateMetaInfoSnapshots());
            add(header.getBroadcastStateMetaInfoSnapshots());
        }
    }

    private static @Nullable StreamStateHandle headerFile(KeyedStateHandle handle) {
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

    Map<String, StateMetaInfoSnapshot> states() {
        return states;
    }

    /** The serializer of the keys; null if there is no keyed state. */
    @Nullable TypeSerializerSnapshot<?> keys() {
        return keys;
    }
}
