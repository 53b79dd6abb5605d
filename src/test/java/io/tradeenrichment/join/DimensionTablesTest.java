package io.tradeenrichment.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradeenrichment.Samples;
import io.tradeenrichment.StateStores;
import io.tradeenrichment.codec.EnrichedLayout;
import io.tradeenrichment.config.DimensionConfig;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.JoinTime;
import io.tradeenrichment.config.MissingRow;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionSnapshot;
import io.tradeenrichment.model.DimensionUpdate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.junit.jupiter.api.Test;

class DimensionTablesTest {
    private static final EnrichedLayout LAYOUT = EnrichedLayout.bundled(new byte[0]);
    /** In milliseconds, as all times in this test. A step is an eighth of it. */
    private static final long RETENTION = 800;

    private static final long MICROS = 1000;

    @Test
    void keepsATombstoneForTheRetention() throws Exception {
        DimensionTables tables = tables();
        tables.applyLive(deletion(1, 1_000));
        tables.applyLive(deletion(2, 1_000 + RETENTION));
        assertThat(tables.of(Dimension.USER).tombstones()).isEqualTo(2);
        tables.applyLive(inAnotherPartition(user(1, 999, "older")));
        assertThat(tables.of(Dimension.USER).latest(1, null)).isNull();
    }

    @Test
    void removesATombstoneWhenALaterRecordIsMoreThanTheRetentionAndAStepAway() throws Exception {
        DimensionTables tables = tables();
        tables.applyLive(deletion(1, 1_000));
        tables.applyLive(deletion(2, 1_000 + RETENTION + RETENTION / 8));
        assertThat(tables.of(Dimension.USER).tombstones()).isOne();
        tables.applyLive(inAnotherPartition(user(1, 999, "older")));
        assertThat(tables.of(Dimension.USER).latest(1, null)).isNotNull();
    }

    @Test
    void aValidFromInTheFutureExpiresNothing() throws Exception {
        DimensionTables tables = tables();
        tables.applyLive(deletion(1, 1_000));
        tables.applyLive(Samples.written(1_001, user(2, 1_000_000_000, "valid in the future")));
        tables.applyLive(inAnotherPartition(user(1, 999, "older")));
        assertThat(tables.of(Dimension.USER).latest(1, null)).isNull();
    }

    @Test
    void oneDimensionDoesNotExpireTheOther() throws Exception {
        DimensionTables tables = tables();
        tables.applyLive(Samples.deletion(Dimension.INSTRUMENT, 1, 1_000 * MICROS));
        tables.applyLive(deletion(2, 1_000_000));
        assertThat(tables.of(Dimension.INSTRUMENT).tombstones()).isOne();
    }

    @Test
    void restoresTheTimeOfADimension() throws Exception {
        OperatorStateStore store = StateStores.empty();
        DimensionTables before = tables(store);
        before.applyLive(deletion(2, 10_000));
        before.snapshot();
        DimensionTables after = tables(store);
        // No new step for either, so neither expires a row yet. Both do with the next record.
        before.applyLive(deletion(3, 5_000));
        after.applyLive(deletion(3, 5_000));
        assertThat(after.of(Dimension.USER).digest())
                .isEqualTo(before.of(Dimension.USER).digest());
        after.applyLive(deletion(4, 10_100));
        assertThat(after.of(Dimension.USER).tombstones()).isEqualTo(2);
    }

    @Test
    void aRowIsMissingAfterItsTtl() throws Exception {
        DimensionTables tables =
                new DimensionTables(StateStores.empty(), config(JoinTime.LATEST, RETENTION, 1), LAYOUT);
        DimensionTable users = tables.of(Dimension.USER);
        tables.applyLive(user(1, 1_000, "once"));
        tables.applyLive(user(2, 1_000, "again"));
        tables.applyLive(Samples.written(1_500, user(2, 1_000, "again")));
        assertThat(users.latest(1, null)).isNotNull();
        tables.applyLive(user(3, 1_000 + RETENTION, "now"));
        assertThat(users.latest(1, null)).as("just within").isNotNull();
        tables.applyLive(user(3, 1_001 + RETENTION, "now"));
        assertThat(users.latest(1, null)).isNull();
        assertThat(users.latest(2, null)).as("repeated without a change").isNotNull();
        tables.applyLive(user(3, 1_400 + RETENTION, "now"));
        assertThat(users.rows()).as("removed").isEqualTo(2);
        tables.applyLive(user(1, 1_700 + RETENTION, "back"));
        assertThat(users.latest(1, null)).isNotNull();
        assertThat(users.latest(2, null)).isNull();
    }

    @Test
    void theTtlOfARowIsComparedWithTheTradeTime() throws Exception {
        DimensionTables tables =
                new DimensionTables(StateStores.empty(), config(JoinTime.AS_OF, RETENTION, 10), LAYOUT);
        DimensionTable users = tables.of(Dimension.USER);
        tables.applyLive(user(1, 1_000, "a"));
        assertThat(users.asOf(1, null, (1_000 + RETENTION) * MICROS)).isNotNull();
        assertThat(users.asOf(1, null, (1_001 + RETENTION) * MICROS)).isNull();
    }

    @Test
    void keepsAVersionForTheHistory() throws Exception {
        DimensionTables tables = new DimensionTables(StateStores.empty(), config(JoinTime.AS_OF, 0, 10), LAYOUT);
        DimensionTable users = tables.of(Dimension.USER);
        tables.applyLive(user(1, 1_000, "a"));
        tables.applyLive(user(1, 2_000, "b"));
        tables.applyLive(user(2, 2_000 + RETENTION, "now"));
        assertThat(users.asOf(1, null, 1_500 * MICROS)).as("expired").isNull();
        assertThat(users.asOf(1, null, 2_000 * MICROS)).isNotNull();
        assertThat(users.versions()).isEqualTo(2);
    }

    /** Each subtask reads the partitions in a different interleaving; records are ordered within a partition only. */
    @Test
    void theInterleavingOfPartitionsDoesNotAffectALoad() throws Exception {
        // User 1 has an older version in another partition. User 2 is deleted more than the retention later.
        List<List<DimensionUpdate>> partitions = List.of(
                List.of(deletion(1, 1_000_000), user(5, 900, "other")),
                Stream.of(user(1, 900, "older"), deletion(2, 1_000_000), deletion(3, 5), deletion(4, 1_000_001))
                        .map(DimensionTablesTest::inAnotherPartition)
                        .toList());
        List<DimensionTables> loads = new ArrayList<>();
        Random random = new Random(11);
        for (int i = 0; i < 50; i++) {
            List<DimensionUpdate> interleaved = interleave(partitions, random);
            DimensionTables tables = tables();
            tables.load((dimensions, receiver) -> hand(interleaved, receiver), 1, rejected -> {});
            loads.add(tables);
        }
        assertThat(loads.stream().filter(tables -> tables.of(Dimension.USER).latest(1, null) != null))
                .as("loads that revived the deleted user")
                .isEmpty();
        assertThat(loads.stream()
                        .map(tables -> tables.of(Dimension.USER).tombstones())
                        .distinct())
                .containsExactly(3L);
        assertThat(loads.stream()
                        .map(tables -> tables.of(Dimension.USER).digest())
                        .distinct())
                .hasSize(1);
    }

    @Test
    void skipsALiveUpdateBelowTheLoadedOffsetOfItsPartition() throws Exception {
        DimensionTables tables = tables();
        tables.load((dimensions, receiver) -> receiver.readUpTo(Dimension.USER, 3, 100), 1, rejected -> {});
        assertThat(tables.applyLive(Samples.at(3, 99, Samples.user(1, 1, "u")))).isFalse();
        assertThat(tables.skipped()).isOne();
        assertThat(tables.applyLive(Samples.at(3, 100, Samples.user(1, 1, "u"))))
                .isTrue();
        assertThat(tables.applyLive(Samples.at(2, 5, Samples.user(2, 1, "u")))).isTrue();
        assertThat(tables.applyLive(Samples.at(3, 5, Samples.stock(2, 1, "S")))).isTrue();
        assertThat(tables.skipped()).isOne();
    }

    @Test
    void restartsAFailedLoad() throws Exception {
        OperatorStateStore store = StateStores.empty();
        DimensionSnapshot broken = (dimensions, receiver) -> {
            receiver.update(Samples.user(1, 1, "u"));
            throw new IOException("the broker is gone");
        };
        DimensionTables tables = tables(store);
        assertThatThrownBy(() -> tables.load(broken, 1, rejected -> {})).hasMessage("the broker is gone");
        tables.load((dimensions, receiver) -> receiver.update(Samples.user(2, 1, "u")), 1, rejected -> {});
        assertThat(tables.of(Dimension.USER).rows()).isOne();
        assertThat(tables.of(Dimension.USER).latest(2, null)).isNotNull();
    }

    @Test
    void doesNotLoadALowerGeneration() throws Exception {
        DimensionTables tables = tables();
        tables.load(DimensionSnapshot.NONE, 2, rejected -> {});
        tables.load(
                (dimensions, receiver) -> {
                    throw new AssertionError("loaded again");
                },
                1,
                rejected -> {});
        assertThat(tables.of(Dimension.USER).rows()).isZero();
    }

    private static void hand(List<DimensionUpdate> updates, DimensionSnapshot.Receiver receiver) throws Exception {
        for (DimensionUpdate update : updates) {
            receiver.update(update);
        }
    }

    private static List<DimensionUpdate> interleave(List<List<DimensionUpdate>> partitions, Random random) {
        List<Integer> turns = new ArrayList<>();
        for (int partition = 0; partition < partitions.size(); partition++) {
            turns.addAll(Collections.nCopies(partitions.get(partition).size(), partition));
        }
        Collections.shuffle(turns, random);
        int[] next = new int[partitions.size()];
        return turns.stream()
                .map(partition -> partitions.get(partition).get(next[partition]++))
                .toList();
    }

    private static DimensionTables tables() throws Exception {
        return tables(StateStores.empty());
    }

    private static DimensionTables tables(OperatorStateStore store) throws Exception {
        return new DimensionTables(store, config(JoinTime.LATEST, 0, 1), LAYOUT);
    }

    private static JobConfig config(JoinTime time, long ttl, int versions) {
        Duration retention = Duration.ofMillis(RETENTION);
        JobConfig.Join join =
                time == JoinTime.AS_OF ? JoinHarness.asOf(Duration.ZERO, MissingRow.WAIT) : JoinHarness.WAITING;
        return new JobConfig(
                JoinHarness.WIRE,
                join,
                new JobConfig.Dimensions(
                        DimensionConfig.DEFAULTS, retention, Duration.ofMillis(ttl), retention, versions));
    }

    private static DimensionUpdate user(long id, long validFrom, String name) {
        return Samples.user(id, validFrom * MICROS, name);
    }

    private static DimensionUpdate inAnotherPartition(DimensionUpdate update) {
        return Samples.at(1, update.offset(), update);
    }

    private static DimensionUpdate deletion(long id, long time) {
        return Samples.deletion(Dimension.USER, id, time * MICROS);
    }
}
