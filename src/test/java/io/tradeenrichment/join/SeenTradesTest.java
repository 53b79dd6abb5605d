package io.tradeenrichment.join;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SeenTradesTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final long QUARTER = HOUR.toMillis() / 4;

    @Test
    void keepsAnIdForTheRetentionAndAtMostAQuarterLonger() throws Exception {
        long[] addedAt = {0, 1, QUARTER - 1, QUARTER, 5 * QUARTER + 7};
        for (long added : addedAt) {
            try (SeenTradesHarness seen = SeenTradesHarness.open(new HashMapStateBackend(), HOUR, added)) {
                assertThat(seen.add(7, 1)).isTrue();
                seen.advanceTo(added + HOUR.toMillis());
                assertThat(seen.add(7, 1)).isFalse();
                seen.advanceTo(added + HOUR.toMillis() + QUARTER);
                assertThat(seen.add(7, 1)).isTrue();
            }
        }
    }

    @Test
    void aRepeatDoesNotExtendTheTimeOfAnId() throws Exception {
        try (SeenTradesHarness seen = SeenTradesHarness.open(new HashMapStateBackend(), HOUR, 0)) {
            assertThat(seen.add(7, 1)).isTrue();
            for (long now = 0; now <= HOUR.toMillis(); now += QUARTER / 3) {
                seen.advanceTo(now);
                assertThat(seen.add(7, 1)).isFalse();
                seen.add(7, now + 2); // a later id does not extend it either
            }
            seen.advanceTo(5 * QUARTER);
            assertThat(seen.add(7, 1)).isTrue();
        }
    }

    @Test
    void aRemovedIdIsNew() throws Exception {
        try (SeenTradesHarness seen = SeenTradesHarness.open(new HashMapStateBackend(), HOUR, 0)) {
            assertThat(seen.add(7, 1)).isTrue();
            seen.remove(7, 1);
            assertThat(seen.pages()).isZero();
            assertThat(seen.add(7, 1)).isTrue();
            assertThat(seen.add(7, 1)).isFalse();
            seen.remove(7, 2);
            seen.remove(8, 1);
            assertThat(seen.add(7, 1)).isFalse();
        }
    }

    @Test
    void keysHaveSeparateIds() throws Exception {
        try (SeenTradesHarness seen = SeenTradesHarness.open(new HashMapStateBackend(), HOUR, 0)) {
            assertThat(seen.add(7, 1)).isTrue();
            assertThat(seen.add(8, 1)).isTrue();
        }
    }

    @Test
    void distinguishesTheSmallestAndTheGreatestIds() throws Exception {
        long[] edges = {0, Long.MIN_VALUE, Long.MAX_VALUE, -1, 1, Long.MIN_VALUE + 1, Long.MAX_VALUE - 1};
        try (SeenTradesHarness seen = SeenTradesHarness.open(new HashMapStateBackend(), HOUR, 0)) {
            for (long edge : edges) {
                assertThat(seen.add(7, edge)).isTrue();
            }
            for (long id = -5_000; id < 5_000; id++) {
                seen.add(7, id << 50);
            }
            for (long edge : edges) {
                assertThat(seen.add(7, edge)).isFalse();
            }
        }
    }

    @Test
    void removesAllPagesOfAKeyWithoutTrades() throws Exception {
        try (SeenTradesHarness seen = SeenTradesHarness.open(new HashMapStateBackend(), HOUR, 0)) {
            for (long id = 0; id < 50_000; id++) {
                seen.add(id % 5, id * 37);
            }
            assertThat(seen.pages()).isBetween(5 * 30, 5 * 200);
            seen.advanceTo(2 * HOUR.toMillis());
            for (long id = 0; id < 500; id++) {
                // Another key advances Flink's incremental cleanup, as any traffic does. Its id is then removed.
                seen.add(99, id);
                seen.remove(99, id);
                seen.pages();
            }
            assertThat(seen.pages()).isZero();
        }
    }

    @Test
    void theStateOfABusyKeyDoesNotGrowForever() throws Exception {
        try (SeenTradesHarness seen = SeenTradesHarness.open(new HashMapStateBackend(), HOUR, 0)) {
            int mostInTwoHours = 0;
            for (long now = 0; now < 20 * HOUR.toMillis(); now += 100) {
                seen.advanceTo(now);
                assertThat(seen.add(7, now)).isTrue();
                if (now % 60_000 == 0) {
                    int pages = seen.pages();
                    if (now < 2 * HOUR.toMillis()) {
                        mostInTwoHours = Math.max(mostInTwoHours, pages);
                    } else {
                        assertThat(pages).isBetween(100, mostInTwoHours * 9 / 8);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("runs")
    void agreesWithASetWithTimes(StateBackend backend, int seed, int ids, int maxEntries) throws Exception {
        Random random = new Random(seed);
        Map<Long, Map<Long, Long>> oracle = new HashMap<>();
        LongUnaryOperator[] orders = orders(random);
        long now = random.nextInt(1 << 30);
        SeenTradesHarness seen = SeenTradesHarness.open(backend, HOUR, now, 0, 1, null, maxEntries);
        for (int step = 0; step < ids; step++) {
            if (random.nextInt(200) == 0) {
                now += random.nextInt(4) == 0 ? random.nextLong(HOUR.toMillis()) : random.nextLong(60_000);
                seen.advanceTo(now);
            }
            if (random.nextInt(ids / 3) == 0) {
                OperatorSubtaskState snapshot = seen.snapshot();
                seen.close();
                seen = SeenTradesHarness.open(backend, HOUR, now, 0, 1, snapshot, maxEntries);
            }
            long key = random.nextInt(10) < 7 ? 0 : random.nextInt(orders.length);
            long id = orders[(int) (key == 0 ? random.nextInt(orders.length) : key)].applyAsLong(step);
            Map<Long, Long> added = oracle.computeIfAbsent(key, unseen -> new HashMap<>());
            if (random.nextInt(20) == 0) {
                seen.remove(key, id);
                added.remove(id);
            }
            Long since = added.get(id);
            boolean isNew = seen.add(key, id);
            if (since == null || now >= since + HOUR.toMillis() + QUARTER) {
                assertThat(isNew)
                        .as("id %s of key %s at step %s", id, key, step)
                        .isTrue();
            } else if (now <= since + HOUR.toMillis()) {
                assertThat(isNew)
                        .as("id %s of key %s at step %s", id, key, step)
                        .isFalse();
            }
            if (isNew) {
                added.put(id, now);
            }
        }
        seen.close();
    }

    /** A small cache evicts pages during an operation. */
    static Stream<Arguments> runs() {
        List<Arguments> runs = new ArrayList<>();
        for (int seed = 1; seed <= 12; seed++) {
            runs.add(Arguments.of(
                    new HashMapStateBackend(), seed, 60_000, seed % 2 == 0 ? IdPageCache.MAX_ENTRIES : seed));
        }
        for (int seed = 101; seed <= 104; seed++) {
            runs.add(Arguments.of(
                    new EmbeddedRocksDBStateBackend(),
                    seed,
                    30_000,
                    seed % 2 == 0 ? IdPageCache.MAX_ENTRIES : seed - 100));
        }
        return runs.stream();
    }

    /** Orders in which the ids of a key may arrive. Most repeat an id now and then. */
    private static LongUnaryOperator[] orders(Random random) {
        long far = random.nextLong();
        return new LongUnaryOperator[] {
            step -> step - (random.nextInt(10) == 0 ? random.nextInt(1_000) : 0), // ascending, some repeated
            step -> 10_000_000L - step * 3L, // descending
            step -> random.nextLong(), // random
            step -> random.nextInt(5_000), // repeated often
            step -> far + step * 10_000L + random.nextInt(200_000), // ascending, except for neighbours
            step -> (step & 3) * (1L << 40) + step, // four partitions, each ascending
            step -> step ^ 0xFF, // descending in groups
        };
    }

    @ParameterizedTest
    @MethodSource("backends")
    void restoresTheIdsOfEachKeyAfterARescale(StateBackend backend) throws Exception {
        OperatorSubtaskState snapshot;
        try (SeenTradesHarness seen = SeenTradesHarness.open(backend, HOUR, 0)) {
            for (long id = 0; id < 20_000; id++) {
                seen.add(id % 16, id ^ 0x3F);
            }
            snapshot = seen.snapshot();
        }
        int found = 0;
        for (int subtask = 0; subtask < 3; subtask++) {
            try (SeenTradesHarness seen = SeenTradesHarness.open(backend, HOUR, 0, subtask, 3, snapshot)) {
                for (long id = 0; id < 20_000; id++) {
                    if (KeyGroupRangeAssignment.assignKeyToParallelOperator(
                                    id % 16, SeenTradesHarness.MAX_PARALLELISM, 3)
                            == subtask) {
                        assertThat(seen.add(id % 16, id ^ 0x3F)).isFalse();
                        found++;
                    }
                }
            }
        }
        assertThat(found).isEqualTo(20_000);
    }

    /** Each key has a page. Pages are evicted, loaded again, and part of a checkpoint in between. */
    @ParameterizedTest
    @MethodSource("backends")
    void keepsTheIdsOfMoreKeysThanTheCacheHolds(StateBackend backend) throws Exception {
        long keys = 2L * IdPageCache.MAX_ENTRIES + 1;
        OperatorSubtaskState snapshot;
        try (SeenTradesHarness seen = SeenTradesHarness.open(backend, HOUR, 0)) {
            for (long key = 0; key < keys; key++) {
                assertThat(seen.add(key, 1)).isTrue();
                assertThat(seen.add(key, 2)).isTrue();
            }
            snapshot = seen.snapshot();
            for (long key = 0; key < keys; key++) {
                assertThat(seen.add(key, 1)).isFalse();
                seen.remove(key, 2);
            }
            for (long key = keys - 1; key >= 0; key--) {
                assertThat(seen.add(key, 2)).isTrue();
            }
        }
        try (SeenTradesHarness seen = SeenTradesHarness.open(backend, HOUR, 0, 0, 1, snapshot)) {
            for (long key = keys - 1; key >= 0; key--) {
                assertThat(seen.add(key, 2)).isFalse();
                assertThat(seen.add(key, 3)).isTrue();
            }
        }
    }

    @Test
    void aSnapshotContainsTheIdsFromBeforeIt() throws Exception {
        try (SeenTradesHarness seen = SeenTradesHarness.open(new HashMapStateBackend(), HOUR, 0)) {
            for (long id = 0; id < 10_000; id++) {
                seen.add(7, id);
            }
            OperatorSubtaskState snapshot = seen.snapshot(() -> {
                for (long id = 10_000; id < 20_000; id++) {
                    seen.add(7, id);
                }
            });
            try (SeenTradesHarness restored =
                    SeenTradesHarness.open(new HashMapStateBackend(), HOUR, 0, 0, 1, snapshot)) {
                for (long id = 0; id < 20_000; id++) {
                    assertThat(restored.add(7, id)).isEqualTo(id >= 10_000);
                }
            }
        }
    }

    static Stream<StateBackend> backends() {
        return Stream.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend());
    }
}
