package io.tradeenrichment;

import java.util.List;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.state.DefaultOperatorStateBackendBuilder;
import org.apache.flink.runtime.state.OperatorStateBackend;

/** Flink's own operator state, without an operator around it. */
public final class StateStores {
    private StateStores() {}

    public static OperatorStateBackend empty() throws Exception {
        return new DefaultOperatorStateBackendBuilder(
                        StateStores.class.getClassLoader(),
                        new ExecutionConfig(),
                        true, // what does not have to stand still is written later, as in both of Flink's backends
                        List.of(),
                        new CloseableRegistry())
                .build();
    }
}
