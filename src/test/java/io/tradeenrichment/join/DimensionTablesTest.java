package io.tradeenrichment.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradeenrichment.Samples;
import io.tradeenrichment.StateStores;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.RowBucket;
import io.tradeenrichment.model.StandingRows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.junit.jupiter.api.Test;

class DimensionTablesTest {
    private static final long RETENTION = 800;

    @Test
    void aDeletionIsRememberedForAsLongAsTheRetentionSays() throws Exception {
        DimensionTables tables = tables();
        tables.applyLive(deletion(1, 1_000));
        tables.applyLive(deletion(2, 1_000 + RETENTION));
        assertThat(tables.of(Dimension.USER).marks()).isEqualTo(2);
        assertThat(tables.applyLive(Samples.user(1, 999, "older"))).isFalse();
    }

    @Test
    void aDeletionIsForgottenOnceALaterOneIsMoreThanTheRetentionAndAStepAway() throws Exception {
        DimensionTables tables = tables();
        tables.applyLive(deletion(1, 1_000));
        tables.applyLive(deletion(2, 1_000 + RETENTION + RETENTION / 8));
        assertThat(tables.of(Dimension.USER).marks()).isOne();
        assertThat(tables.applyLive(Samples.user(1, 999, "older"))).isTrue();
    }

    @Test
    void rowsFromTheFarFutureForgetNothing() throws Exception {
        DimensionTables tables = tables();
        tables.applyLive(deletion(1, 1_000));
        tables.applyLive(Samples.user(2, 1_000_000_000, "valid from some day"));
        assertThat(tables.applyLive(Samples.user(1, 999, "older"))).isFalse();
    }

    @Test
    void deletionsOfOneDimensionForgetNoneOfTheOther() throws Exception {
        DimensionTables tables = tables();
        tables.applyLive(Samples.deletion(Dimension.INSTRUMENT, 1, 1_000));
        tables.applyLive(deletion(2, 1_000_000));
        assertThat(tables.of(Dimension.INSTRUMENT).marks()).isOne();
    }

    @Test
    void whatWasForgottenStaysForgottenWhenReadBackFromState() throws Exception {
        OperatorStateStore store = StateStores.empty();
        DimensionTables before = new DimensionTables(store, RETENTION);
        before.applyLive(deletion(1, 1_000));
        before.applyLive(deletion(2, 10_000));
        DimensionTables after = new DimensionTables(store, RETENTION);
        assertThat(after.of(Dimension.USER).marks()).isOne();
        after.applyLive(deletion(3, 5_000));
        after.applyLive(deletion(4, 10_000));
        assertThat(after.of(Dimension.USER).digest())
                .isEqualTo(
                        before.of(Dimension.USER).digest() + hashOf(deletion(3, 5_000)) + hashOf(deletion(4, 10_000)));
    }

    /** Each subtask reads the partitions as they happen to come; only within one are records in order. */
    @Test
    void aLoadHoldsTheSameRowsAndMarksHoweverThePartitionsInterleave() throws Exception {
        // Of user 1, an older version stands behind its deletion; user 2's deletion is more than the retention later.
        List<List<DimensionUpdate>> partitions = List.of(
                List.of(deletion(1, 1_000), Samples.user(1, 900, "older")),
                List.of(deletion(2, 1_000_000), deletion(3, 5), deletion(4, 1_000_001)));
        List<DimensionTables> loads = new ArrayList<>();
        Random random = new Random(11);
        for (int i = 0; i < 50; i++) {
            List<DimensionUpdate> interleaved = interleave(partitions, random);
            DimensionTables tables = tables();
            tables.load(receiver -> hand(interleaved, receiver), 1, rejection -> {});
            loads.add(tables);
        }
        assertThat(loads.stream().filter(tables -> tables.user(1) != null))
                .as("loads that revived the deleted user")
                .isEmpty();
        assertThat(loads.stream()
                        .map(tables -> tables.of(Dimension.USER).marks())
                        .distinct())
                .containsExactly(2L);
        assertThat(loads.stream()
                        .map(tables -> tables.of(Dimension.USER).digest())
                        .distinct())
                .hasSize(1);
    }

    @Test
    void aLiveUpdateIsSkippedBelowWhatTheLoadReadOfItsPartition() throws Exception {
        DimensionTables tables = tables();
        tables.load(receiver -> receiver.readUpTo(Dimension.USER, 3, 100), 1, rejection -> {});
        assertThat(tables.applyLive(Samples.at(3, 99, Samples.user(1, 1, "u")))).isFalse();
        assertThat(tables.skipped()).isOne();
        assertThat(tables.applyLive(Samples.at(3, 100, Samples.user(1, 1, "u"))))
                .isTrue();
        assertThat(tables.applyLive(Samples.at(2, 5, Samples.user(2, 1, "u")))).isTrue();
        assertThat(tables.applyLive(Samples.at(3, 5, Samples.stock(2, 1, "S")))).isTrue();
        assertThat(tables.skipped()).isOne();
    }

    @Test
    void aLoadThatFailsIsBegunAnew() throws Exception {
        OperatorStateStore store = StateStores.empty();
        StandingRows broken = receiver -> {
            receiver.update(Samples.user(1, 1, "u"));
            throw new IOException("the broker is gone");
        };
        DimensionTables tables = new DimensionTables(store, RETENTION);
        assertThatThrownBy(() -> tables.load(broken, 1, rejection -> {})).hasMessage("the broker is gone");
        tables.load(receiver -> receiver.update(Samples.user(2, 1, "u")), 1, rejection -> {});
        assertThat(tables.of(Dimension.USER).rows()).isEqualTo(2);
    }

    @Test
    void aLowerGenerationThanTheStatesIsNotLoaded() throws Exception {
        DimensionTables tables = tables();
        tables.load(StandingRows.NONE, 2, rejection -> {});
        tables.load(
                receiver -> {
                    throw new AssertionError("read again");
                },
                1,
                rejection -> {});
        assertThat(tables.of(Dimension.USER).rows()).isZero();
    }

    private static void hand(List<DimensionUpdate> updates, StandingRows.Receiver receiver) throws Exception {
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

    private static long hashOf(DimensionUpdate deletion) {
        return RowBucket.hash(deletion.id(), deletion.validFrom(), deletion.fragment());
    }

    private static DimensionTables tables() throws Exception {
        return new DimensionTables(StateStores.empty(), RETENTION);
    }

    private static DimensionUpdate deletion(long id, long time) {
        return Samples.deletion(Dimension.USER, id, time);
    }
}
