package io.tradeenrichment.cli.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.state.rocksdb.RocksDBConfigurableOptions;

/** The settings of Flink's mini cluster in an embedded run. */
final class EmbeddedCluster {
    private static final String LOOPBACK = "127.0.0.1";
    private static final MemorySize STATE_MEMORY = MemorySize.ofMebiBytes(256);

    private EmbeddedCluster() {}

    /**
     * @param port of the web UI
     * @param folder of the checkpoints
     */
    static Configuration configuration(EmbeddedConfig.Run config, int port, Path folder) {
        Configuration cluster = new Configuration();
        cluster.set(CoreOptions.DEFAULT_PARALLELISM, config.parallelism());
        cluster.set(PipelineOptions.OBJECT_REUSE, true);
        cluster.set(
                StateBackendOptions.STATE_BACKEND, config.stateBackend().name().toLowerCase(Locale.ROOT));
        cluster.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, STATE_MEMORY);
        // Most trade ids are new: a Bloom filter avoids most searches through the files.
        cluster.set(RocksDBConfigurableOptions.USE_BLOOM_FILTER, true);
        cluster.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, config.checkpointInterval());
        cluster.set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true);
        cluster.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.DELETE_ON_CANCELLATION);
        cluster.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                folder.resolve("checkpoints").toUri().toString());
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        cluster.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, 3);
        cluster.set(RestOptions.PORT, port);
        cluster.set(RestOptions.BIND_PORT, String.valueOf(port));
        // The web UI has no password: only this machine may reach it, and no other page in the browser may call it.
        cluster.set(RestOptions.BIND_ADDRESS, LOOPBACK);
        cluster.set(RestOptions.ADDRESS, LOOPBACK);
        cluster.set(WebOptions.SUBMIT_ENABLE, false);
        cluster.set(WebOptions.ACCESS_CONTROL_ALLOW_ORIGIN, "http://localhost:" + port);
        // Accumulators travel with heartbeats, and the status line needs them every second.
        cluster.set(HeartbeatManagerOptions.HEARTBEAT_INTERVAL, Duration.ofMillis(500));
        return cluster;
    }
}
