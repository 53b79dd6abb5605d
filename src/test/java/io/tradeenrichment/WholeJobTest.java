package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.model.Account;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.SourceRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole job in Flink's mini cluster, with one failure, compared with the oracle of {@link Scenario}. */
class WholeJobTest {
    /** No wait times out during the test; the end of the input ends them. */
    private static final Map<String, String> LONG_WAIT = Map.of("join.wait.timeout", "1 h");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"1, hashmap, 1", "2, rocksdb, 2", "4, hashmap, 3"})
    void writesExactlyTheExpectedOutputAcrossAFailure(int parallelism, String backend, long seed) throws Exception {
        Scenario scenario = new Scenario(seed);
        WholeJob job = new WholeJob(folder, new OfScenario(seed), LONG_WAIT);
        Map<String, Object> totals = job.runFailingOnce(parallelism, backend);

        Map<Long, List<GenericRecord>> written = byInstrument(job.enriched());
        assertThat(tradeIds(written)).isEqualTo(tradeIds(scenario.enriched()));
        assertThat(written).isEqualTo(scenario.enriched());
        assertThat(job.deadLetters()).isEqualTo(scenario.deadLetters());
        long enriched =
                scenario.enriched().values().stream().mapToLong(List::size).sum();
        long lettersOfTrades = scenario.deadLetters().stream()
                .filter(letter -> letter.startsWith(Feed.TRADES.title()))
                .count();
        assertThat(totals)
                .containsEntry(Account.TRADES_IN.title(), (long)
                        scenario.feed(Feed.TRADES).size())
                .containsEntry(Account.ENRICHED.title(), enriched)
                .containsEntry(Account.DUPLICATES.title(), (long) scenario.duplicates())
                .containsEntry(Account.DEAD_LETTERED.title(), lettersOfTrades)
                .containsEntry(Account.DROPPED.title(), 0L)
                .containsEntry(Account.PARKED.title(), 0L);
        // The input must contain every case, or the test would prove little.
        assertThat(enriched).isGreaterThan(5_000);
        assertThat(scenario.duplicates()).isPositive();
        assertThat(scenario.deadLetters().toString())
                .contains("MALFORMED", "MISSING_INSTRUMENT", "MISSING_USER", "instruments", "users");
    }

    private static Map<Long, List<GenericRecord>> byInstrument(List<GenericRecord> trades) {
        Map<Long, List<GenericRecord>> byInstrument = new TreeMap<>();
        for (GenericRecord trade : trades) {
            byInstrument
                    .computeIfAbsent((Long) trade.get("instrument_id"), id -> new ArrayList<>())
                    .add(trade);
        }
        return byInstrument;
    }

    private static String tradeIds(Map<Long, List<GenericRecord>> trades) {
        StringBuilder lines = new StringBuilder();
        trades.forEach((instrument, list) -> lines.append(instrument)
                .append(": ")
                .append(list.stream().map(trade -> trade.get("trade_id")).toList())
                .append('\n'));
        return lines.toString();
    }

    private record OfScenario(long seed) implements WholeJob.Input {
        @Override
        public List<SourceRecord> snapshot() {
            return new Scenario(seed).snapshot();
        }

        @Override
        public List<SourceRecord> feed(Feed feed) {
            return new Scenario(seed).feed(feed);
        }
    }
}
