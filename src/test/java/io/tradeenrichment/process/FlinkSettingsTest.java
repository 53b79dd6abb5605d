package io.tradeenrichment.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ClusterOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.HighAvailabilityOptions;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MetricOptions;
import org.apache.flink.configuration.NettyShuffleEnvironmentOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.state.rocksdb.RocksDBOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code conf/flink.yaml} has no unknown key, which Flink would ignore, and no invalid value, which it finds late. */
class FlinkSettingsTest {
    /** Options whose keys contain the name of a reporter. */
    static final String REPORTER = "metrics.reporter.prom.";

    @TempDir
    private Path folder;

    @Test
    void everyKeyIsAFlinkOptionAndEveryValueHasItsType() throws Exception {
        Files.copy(Path.of("conf", "flink.yaml"), folder.resolve("config.yaml"));
        Configuration settings = GlobalConfiguration.loadConfiguration(folder.toString());
        Map<String, ConfigOption<?>> options = options();
        assertThat(settings.keySet()).hasSizeGreaterThan(15).allSatisfy(key -> {
            if (!key.startsWith(REPORTER)) {
                assertThat(options.keySet()).contains(key);
                assertThat(settings.get(options.get(key))).isNotNull();
            }
        });
        assertThat(settings.keySet()).contains(REPORTER + "factory.class", REPORTER + "port");
    }

    /** Flink's options by key. */
    static Map<String, ConfigOption<?>> options() throws IllegalAccessException {
        Map<String, ConfigOption<?>> options = new HashMap<>();
        for (Class<?> holder : List.of(
                BlobServerOptions.class,
                CheckpointingOptions.class,
                ClusterOptions.class,
                CoreOptions.class,
                HeartbeatManagerOptions.class,
                HighAvailabilityOptions.class,
                JobManagerOptions.class,
                MetricOptions.class,
                NettyShuffleEnvironmentOptions.class,
                RestartStrategyOptions.class,
                RocksDBOptions.class,
                StateBackendOptions.class,
                TaskManagerOptions.class,
                WebOptions.class)) {
            for (Field field : holder.getFields()) {
                if (field.get(null) instanceof ConfigOption<?> option) {
                    options.put(option.key(), option);
                }
            }
        }
        return options;
    }
}
