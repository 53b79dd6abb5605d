package io.tradeenrichment;

import java.util.List;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.core.fs.CloseableRegistry;
import org.apache.flink.runtime.state.DefaultOperatorStateBackendBuilder;
import org.apache.flink.runtime.state.OperatorStateBackend;

/** Flink's operator state backend, without an operator. */
public final class StateStores {
    private StateStores() {}

    public static OperatorStateBackend empty() throws Exception {
        return new DefaultOperatorStateBackendBuilder(
                        StateStores.class.getClassLoader(),
                        new ExecutionConfig(),
                        true, // asynchronous snapshots, as with both state backends
                        List.of(),
                        new CloseableRegistry())
                .build();
    }
}
