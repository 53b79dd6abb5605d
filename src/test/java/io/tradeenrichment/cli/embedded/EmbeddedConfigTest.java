package io.tradeenrichment.cli.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.Settings;
import io.tradeenrichment.settings.SettingsException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EmbeddedConfigTest {

    @Test
    void everyKeyHasADefault() {
        assertThat(EmbeddedConfig.from(new Configuration()))
                .isEqualTo(new EmbeddedConfig(
                        new EmbeddedConfig.Workload(
                                1_000_000, 0, 1, 10_000, 10_000, new EmbeddedConfig.Shares(0.001, 0.002, 0.0005)),
                        new EmbeddedConfig.Run(
                                "target/embedded",
                                8081,
                                Runtime.getRuntime().availableProcessors(),
                                EmbeddedOptions.StateBackend.ROCKSDB,
                                Duration.ofSeconds(1),
                                5)));
    }

    @Test
    void eachKeyReachesItsField() {
        assertThat(from(
                        "--embedded.trades=11",
                        "--embedded.rate=12",
                        "--embedded.seed=-13",
                        "--embedded.instruments=14",
                        "--embedded.users=15",
                        "--embedded.late-share=0.16",
                        "--embedded.duplicate-share=0.17",
                        "--embedded.malformed-share=0.18",
                        "--embedded.output=elsewhere",
                        "--embedded.port=0",
                        "--embedded.parallelism=19",
                        "--embedded.state-backend=HashMap",
                        "--embedded.checkpoint-interval=20 s",
                        "--embedded.samples=0"))
                .isEqualTo(new EmbeddedConfig(
                        new EmbeddedConfig.Workload(11, 12, -13, 14, 15, new EmbeddedConfig.Shares(0.16, 0.17, 0.18)),
                        new EmbeddedConfig.Run(
                                "elsewhere", 0, 19, EmbeddedOptions.StateBackend.HASHMAP, Duration.ofSeconds(20), 0)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
                    trades=0                > embedded.trades is 0, but it must be at least 1
                    rate=-1                 > embedded.rate is -1, but it must be at least 0
                    instruments=0           > embedded.instruments is 0, but it must be at least 1
                    users=0                 > embedded.users is 0, but it must be at least 1
                    late-share=1.5          > embedded.late-share is 1.5, but a share must be from 0 to 1
                    duplicate-share=-0.1    > embedded.duplicate-share is -0.1, but a share must be from 0 to 1
                    malformed-share=NaN     > embedded.malformed-share is NaN, but a share must be from 0 to 1
                    duplicate-share=0.9995  > embedded.duplicate-share and embedded.malformed-share add up to 1 or more, which leaves no trade to repeat; lower one of them
                    port=65536              > embedded.port is 65536, but it must be from 0 to 65535
                    port=-1                 > embedded.port is -1, but it must be from 0 to 65535
                    parallelism=0           > embedded.parallelism is 0, but it must be from 1 to 32768
                    checkpoint-interval=0   > embedded.checkpoint-interval is 0, but it must be at least 10 ms
                    samples=-1              > embedded.samples is -1, but it must be at least 0
                    output=                 > embedded.output has no value; give it one, or leave the key out
                    state-backend=disk      > embedded.state-backend is 'disk', but takes rocksdb or hashmap
                    """)
    void rejectsAnInvalidValueWithOneSentence(String setting, String sentence) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> from("--embedded." + setting))
                .withMessage(sentence);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
                    wire.framing=confluent             > wire.framing is confluent, but the embedded run has no schema registry; use single-object, on the command line for example
                    wire.trade.schema=registry         > wire.trade.schema is registry, but the embedded run has no schema registry; give a schema file (.avsc)
                    dimensions.user.schema=registry    > dimensions.user.schema is registry, but the embedded run has no schema registry; give a schema file (.avsc)
                    """)
    void rejectsARegistry(String setting, String sentence) {
        CommandDescription program = new CommandDescription(
                "embedded",
                "",
                Stream.concat(EmbeddedOptions.groups().stream(), JobOptions.groups().stream())
                        .toList(),
                List.of());
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> Settings.read(program, "--" + setting).bind(EmbeddedConfig::from))
                .withMessage(sentence);
    }

    private static EmbeddedConfig from(String... args) {
        return Settings.read(new CommandDescription("embedded", "", EmbeddedOptions.groups(), List.of()), args)
                .bind(EmbeddedConfig::from);
    }
}
