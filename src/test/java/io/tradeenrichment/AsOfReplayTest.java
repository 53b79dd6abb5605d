package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.SourceRecord;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * With {@code join.time: as-of} the output depends on the records only: not on which rows are in the snapshot, on the order
 * of the trades, on the parallelism, or on a failure. Plain Java computes the expected output.
 */
class AsOfReplayTest {
    private static final long WAIT_MILLIS = 3_000;
    private static final Map<String, String> SETTINGS = Map.of(
            "join.time", "as-of",
            "join.as-of.wait", WAIT_MILLIS + " ms",
            "join.instrument.missing", "dead-letter",
            "join.user.missing", "dead-letter");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"1, hashmap, 1, 0", "2, rocksdb, 2, 0.5", "4, hashmap, 3, 0.9", "3, hashmap, 4, 0.2"})
    void theOutputIsAFunctionOfTheInput(int parallelism, String backend, long shuffle, double snapshotShare)
            throws Exception {
        Market market = new Market(shuffle, snapshotShare);
        WholeJob job = new WholeJob(folder, market, SETTINGS);
        job.runFailingOnce(parallelism, backend);

        assertThat(job.enriched().stream().map(AsOfReplayTest::line).sorted().toList())
                .isEqualTo(market.expected());
        assertThat(market.expected()).hasSizeGreaterThan(3_000);
        assertThat(job.deadLetters()).hasSize(Market.TRADES - market.expected().size());
    }

    private static String line(GenericRecord trade) {
        return String.format(
                "%06d %s %s %s %s",
                (Long) trade.get("trade_id"),
                trade.get("instrument"),
                trade.get("instrument_valid_from"),
                trade.get("user"),
                trade.get("user_valid_from"));
    }

    /**
     * Always the same records; only their arrival differs.
     *
     * @param shuffle seed of the order of the trades
     * @param share part of the row records that is in the snapshot
     */
    private record Market(long shuffle, double share) implements WholeJob.Input {
        static final int TRADES = 4_000;
        private static final long SEED = 20_241_103;
        private static final long START = 1_700_000_000_000L;
        private static final int LENGTH = 100_000;
        private static final int IDS = 40;

        @Override
        public List<SourceRecord> snapshot() {
            List<SourceRecord> records = new ArrayList<>();
            for (Dimension dimension : Dimension.BUNDLED) {
                List<SourceRecord> all = versions(dimension);
                records.addAll(all.subList(0, (int) (all.size() * share)));
            }
            return records;
        }

        @Override
        public List<SourceRecord> feed(Feed feed) {
            if (feed.equals(Feed.TRADES)) {
                List<SourceRecord> trades = trades();
                Collections.shuffle(trades, new Random(shuffle));
                return trades;
            }
            List<SourceRecord> all = versions(feed.equals(Feed.USERS) ? Dimension.USER : Dimension.INSTRUMENT);
            return all.subList((int) (all.size() * share), all.size());
        }

        List<String> expected() {
            Map<Dimension, Map<Long, TreeMap<Long, String>>> rows = new HashMap<>();
            for (Dimension dimension : Dimension.BUNDLED) {
                rows.put(dimension, timelines(dimension));
            }
            List<String> lines = new ArrayList<>();
            Random random = new Random(SEED);
            for (int id = 0; id < TRADES; id++) {
                Draw draw = new Draw(random);
                var instrument =
                        rows.get(Dimension.INSTRUMENT).get(draw.instrument).floorEntry(draw.time);
                var user = rows.get(Dimension.USER).get(draw.user).floorEntry(draw.time);
                if (instrument != null
                        && user != null
                        && !instrument.getValue().isEmpty()
                        && !user.getValue().isEmpty()) {
                    lines.add(String.format(
                            "%06d %s %s %s %s",
                            id, instrument.getValue(), instrument.getKey(), user.getValue(), user.getKey()));
                }
            }
            return lines;
        }

        private static List<SourceRecord> trades() {
            List<SourceRecord> trades = new ArrayList<>();
            Random random = new Random(SEED);
            for (int id = 0; id < TRADES; id++) {
                Draw draw = new Draw(random);
                trades.add(Samples.tradeRecord(id, draw.instrument, draw.user, draw.time, draw.written));
            }
            return trades;
        }

        /** Sorted by record timestamp, which is at most {@link #WAIT_MILLIS} after the start of the validity. */
        private static List<SourceRecord> versions(Dimension dimension) {
            List<SourceRecord> records = new ArrayList<>();
            timelines(dimension)
                    .forEach((id, timeline) -> timeline.forEach((from, name) -> {
                        Random random = new Random(from);
                        if (name.isEmpty()) {
                            records.add(Samples.tombstone(dimension.feed(), id, from / 1000, 0));
                        } else {
                            long written = from / 1000 - 5_000 + random.nextLong(5_001 + WAIT_MILLIS);
                            records.add(Samples.written(
                                    written,
                                    dimension.equals(Dimension.USER)
                                            ? Samples.userRecord(id, from, name)
                                            : Samples.stockRecord(id, from, name)));
                        }
                    }));
            records.sort(Comparator.comparingLong(SourceRecord::timestamp));
            List<SourceRecord> inOrder = new ArrayList<>();
            for (SourceRecord record : records) {
                inOrder.add(Samples.atOffset(inOrder.size(), record));
            }
            return inOrder;
        }

        /** By id and start of validity: the name of the version, or an empty string for a tombstone. */
        private static Map<Long, TreeMap<Long, String>> timelines(Dimension dimension) {
            Random random = new Random(SEED + 1 + Dimension.BUNDLED.indexOf(dimension));
            Map<Long, TreeMap<Long, String>> rows = new HashMap<>();
            for (long id = 0; id < IDS; id++) {
                TreeMap<Long, String> timeline = new TreeMap<>();
                int versions = 1 + random.nextInt(6);
                for (int version = 0; version < versions; version++) {
                    boolean first = version == 0 && random.nextInt(10) > 0;
                    long from = (START + (first ? -1_000 : random.nextInt(LENGTH))) * 1_000;
                    if (version > 1 && random.nextInt(6) == 0) {
                        timeline.put(from + 999, "");
                    } else {
                        timeline.put(from + random.nextInt(999), "V" + version + "OF" + id);
                    }
                }
                rows.put(id, timeline);
            }
            return rows;
        }

        /** The random fields of a trade. */
        private static final class Draw {
            private final long instrument;
            private final long user;
            private final long time;
            private final long written;

            Draw(Random random) {
                instrument = random.nextInt(IDS);
                user = random.nextInt(IDS);
                time = START * 1_000 + random.nextInt(LENGTH * 1_000);
                written = time / 1_000 + random.nextInt(2_000);
            }
        }
    }
}
