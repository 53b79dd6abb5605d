package io.tradeenrichment.join;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SeenTradeTextsTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final long QUARTER = HOUR.toMillis() / 4;

    @ParameterizedTest
    @MethodSource("backends")
    void keepsATextForTheRetentionAndAtMostAQuarterLonger(StateBackend backend) throws Exception {
        try (SeenTradesHarness seen = SeenTradesHarness.open(backend, HOUR, 7)) {
            assertThat(seen.add(1, text("T-1"))).isTrue();
            seen.advanceTo(7 + HOUR.toMillis());
            assertThat(seen.add(1, text("T-1"))).isFalse();
            seen.advanceTo(7 + HOUR.toMillis() + QUARTER);
            assertThat(seen.add(1, text("T-1"))).as("a repeat prolongs nothing").isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void aRemovedTextIsNew(StateBackend backend) throws Exception {
        try (SeenTradesHarness seen = SeenTradesHarness.open(backend, HOUR, 0)) {
            assertThat(seen.add(1, text("T-1"))).isTrue();
            assertThat(seen.add(1, text("T-2"))).isTrue();
            seen.remove(1, text("T-1"));
            seen.remove(1, text("T-3"));
            seen.remove(2, text("T-2"));
            assertThat(seen.add(1, text("T-1"))).isTrue();
            assertThat(seen.add(1, text("T-1"))).isFalse();
            assertThat(seen.add(1, text("T-2"))).isFalse();
        }
    }

    /** Bytes that are not UTF-8 would all be the same replacement character. */
    @ParameterizedTest
    @MethodSource("backends")
    void comparesTheBytesOfTexts(StateBackend backend) throws Exception {
        String[] texts = {"", "00", "0000", "61", "6100", "0061", "c3bf", "ff", "fe", "c3", "c328", "efbfbd", "80"};
        try (SeenTradesHarness seen = SeenTradesHarness.open(backend, HOUR, 0)) {
            for (String text : texts) {
                assertThat(seen.add(1, HexFormat.of().parseHex(text))).as(text).isTrue();
                assertThat(seen.add(2, HexFormat.of().parseHex(text))).as(text).isTrue();
            }
            for (String text : texts) {
                assertThat(seen.add(1, HexFormat.of().parseHex(text))).as(text).isFalse();
            }
        }
    }

    @Test
    void textsAndIntegersAreSeparate() throws Exception {
        try (SeenTradesHarness seen = SeenTradesHarness.open(new HashMapStateBackend(), HOUR, 0)) {
            assertThat(seen.add(1, 7)).isTrue();
            assertThat(seen.add(1, text("7"))).isTrue();
            seen.remove(1, text("7"));
            assertThat(seen.add(1, 7)).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void agreesWithASetWithTimes(StateBackend backend) throws Exception {
        Random random = new Random(5);
        Map<String, Long> oracle = new HashMap<>();
        long now = random.nextInt(1 << 30);
        SeenTradesHarness seen = SeenTradesHarness.open(backend, HOUR, now);
        for (int step = 0; step < 40_000; step++) {
            if (random.nextInt(200) == 0) {
                now += random.nextInt(4) == 0 ? random.nextLong(HOUR.toMillis()) : random.nextLong(60_000);
                seen.advanceTo(now);
            }
            if (random.nextInt(10_000) == 0) {
                OperatorSubtaskState snapshot = seen.snapshot();
                seen.close();
                seen = SeenTradesHarness.open(backend, HOUR, now, 0, 1, snapshot);
            }
            long key = random.nextInt(3);
            String text = "T-" + random.nextInt(5_000);
            if (random.nextInt(20) == 0) {
                seen.remove(key, text(text));
                oracle.remove(key + text);
            }
            Long since = oracle.get(key + text);
            boolean isNew = seen.add(key, text(text));
            if (since == null || now >= since + HOUR.toMillis() + QUARTER) {
                assertThat(isNew).as("%s of key %s at step %s", text, key, step).isTrue();
            } else if (now <= since + HOUR.toMillis()) {
                assertThat(isNew).as("%s of key %s at step %s", text, key, step).isFalse();
            }
            if (isNew) {
                oracle.put(key + text, now);
            }
        }
        seen.close();
    }

    @ParameterizedTest
    @MethodSource("backends")
    void restoresTheTextsOfEachKeyAfterARescale(StateBackend backend) throws Exception {
        OperatorSubtaskState snapshot;
        try (SeenTradesHarness seen = SeenTradesHarness.open(backend, HOUR, 0)) {
            for (int i = 0; i < 5_000; i++) {
                seen.add(i % 16, text("T-" + i));
            }
            seen.add(3, 1);
            assertThat(seen.census()).isEqualTo(5_001);
            snapshot = seen.snapshot();
        }
        int found = 0;
        for (int subtask = 0; subtask < 3; subtask++) {
            try (SeenTradesHarness seen = SeenTradesHarness.open(backend, HOUR, 0, subtask, 3, snapshot)) {
                for (int i = 0; i < 5_000; i++) {
                    if (KeyGroupRangeAssignment.assignKeyToParallelOperator(
                                    (long) (i % 16), SeenTradesHarness.MAX_PARALLELISM, 3)
                            == subtask) {
                        assertThat(seen.add(i % 16, text("T-" + i))).isFalse();
                        found++;
                    }
                }
            }
        }
        assertThat(found).isEqualTo(5_000);
    }

    @Test
    void removesAllTextsOfAKeyWithoutTrades() throws Exception {
        try (SeenTradesHarness seen = SeenTradesHarness.open(new HashMapStateBackend(), HOUR, 0)) {
            for (int i = 0; i < 1_000; i++) {
                seen.add(i % 5, text("T-" + i));
            }
            assertThat(seen.pages()).isEqualTo(1_000);
            seen.advanceTo(2 * HOUR.toMillis());
            for (int i = 0; i < 1_000; i++) {
                // Another key advances Flink's incremental cleanup, as any traffic does. Its text is then removed.
                seen.add(99, text("T-" + i));
                seen.remove(99, text("T-" + i));
            }
            assertThat(seen.pages()).isZero();
        }
    }

    static Stream<StateBackend> backends() {
        return Stream.of(new HashMapStateBackend(), new EmbeddedRocksDBStateBackend());
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
