package io.tradeenrichment.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.StateStores;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.RowBucket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DimensionTableTest {
    private static final int IDS = 5;

    /** In the order of the rule: the last one of an id stands. */
    private static final Comparator<DimensionUpdate> RULE = Comparator.comparingLong(DimensionUpdate::validFrom)
            .thenComparing(update -> update.fragment() == null)
            .thenComparing(DimensionUpdate::fragment, Comparator.nullsFirst(Arrays::compareUnsigned));

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void whatStandsInTheEndDoesNotDependOnTheOrderOfArrival(long seed) throws Exception {
        Random random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            List<DimensionUpdate> updates = new ArrayList<>();
            for (int i = random.nextInt(1, 60); i > 0; i--) {
                updates.add(update(random.nextInt(IDS), random.nextInt(4), randomFragment(random)));
            }
            DimensionTable ruled = table(ruled(updates));
            for (int shuffle = 0; shuffle < 5; shuffle++) {
                Collections.shuffle(updates, random);
                DimensionTable table = table(updates);
                assertThat(contents(table)).isEqualTo(contents(ruled));
                assertThat(table.digest()).isEqualTo(ruled.digest());
                assertThat(table.rows()).isEqualTo(ruled.rows());
                assertThat(table.marks()).isEqualTo(ruled.marks());
            }
        }
    }

    /** A list of all versions, sorted by the rule, of which only the newest so many count. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 100})
    void whatWasValidAtATimeDoesNotDependOnTheOrderOfArrival(int versions) throws Exception {
        Random random = new Random(versions);
        for (int round = 0; round < 40; round++) {
            List<DimensionUpdate> updates = new ArrayList<>();
            for (int i = random.nextInt(1, 60); i > 0; i--) {
                updates.add(update(random.nextInt(IDS), random.nextInt(8), randomFragment(random)));
            }
            List<String> expected = timelines(updates, versions);
            for (int shuffle = 0; shuffle < 5; shuffle++) {
                Collections.shuffle(updates, random);
                DimensionTable table = table(updates, versions);
                List<String> found = new ArrayList<>();
                for (long id = 0; id < IDS; id++) {
                    for (long time = -1; time < 9; time++) {
                        byte[] fragment = table.asOf(id, time);
                        found.add(fragment == null ? "null" : new String(fragment, StandardCharsets.UTF_8));
                    }
                }
                assertThat(found).isEqualTo(expected);
            }
        }
    }

    private static List<String> timelines(List<DimensionUpdate> updates, int versions) {
        List<String> expected = new ArrayList<>();
        for (long id = 0; id < IDS; id++) {
            TreeMap<Long, DimensionUpdate> timeline = new TreeMap<>();
            for (DimensionUpdate update : updates) {
                if (update.id() == id) {
                    timeline.merge(
                            update.validFrom(), update, (one, other) -> RULE.compare(one, other) > 0 ? one : other);
                }
            }
            while (timeline.size() > versions) {
                timeline.pollFirstEntry();
            }
            for (long time = -1; time < 9; time++) {
                var valid = timeline.floorEntry(time);
                byte[] fragment = valid == null ? null : valid.getValue().fragment();
                expected.add(fragment == null ? "null" : new String(fragment, StandardCharsets.UTF_8));
            }
        }
        return expected;
    }

    @Test
    void ofTwoRowsWithOneValidFromTheOneWithGreaterBytesStands() throws Exception {
        assertThat(contents(table(List.of(update(1, 5, "a"), update(1, 5, "b")))))
                .contains("1=b");
        assertThat(contents(table(List.of(update(1, 5, "b"), update(1, 5, "a")))))
                .contains("1=b");
        assertThat(contents(table(List.of(update(1, 5, "a"), update(1, 5, "aa")))))
                .contains("1=aa");
        // Bytes above 0x7F are the greater ones: they are compared as what they are, without a sign.
        assertThat(contents(table(List.of(update(1, 5, "é"), update(1, 5, "z")))))
                .contains("1=é");
    }

    @Test
    void ofARowAndADeletionOfOneTimeTheDeletionStands() throws Exception {
        assertThat(contents(table(List.of(update(1, 5, "a"), update(1, 5, null)))))
                .contains("1=null");
        assertThat(contents(table(List.of(update(1, 5, null), update(1, 5, "a")))))
                .contains("1=null");
    }

    @Test
    void aRowThatWasDeletedComesBackOnlyAsANewerVersion() throws Exception {
        DimensionTable table = table(List.of(update(1, 5, "a"), update(1, 7, null)));
        assertThat(table.apply(update(1, 6, "older"))).isFalse();
        assertThat(table.latest(1)).isNull();
        assertThat(table.apply(update(1, 8, "newer"))).isTrue();
        assertThat(table.latest(1)).isEqualTo(bytes("newer"));
        assertThat(table.marks()).isZero();
    }

    @Test
    void countsWhatCameTooLateAndWhatTied() throws Exception {
        DimensionTable table = table(List.of(update(1, 5, "b")));
        assertThat(table.apply(update(1, 4, "older"))).isFalse();
        assertThat(table.outdated()).isOne();
        assertThat(table.apply(update(1, 5, "b"))).as("the same once more").isFalse();
        assertThat(table.ties()).isZero();
        assertThat(table.apply(update(1, 5, "a"))).isFalse();
        assertThat(table.apply(update(1, 5, "c"))).isTrue();
        assertThat(table.apply(update(1, 5, null))).isTrue();
        assertThat(table.ties()).isEqualTo(3);
        assertThat(table.outdated()).isOne();
    }

    @Test
    void forgetsDeletionsBeforeTheTimeAndCountsThemNoMore() throws Exception {
        DimensionTable table = table(List.of(update(1, 5, null), update(2, 6, null), update(3, 5, "row")));
        DimensionTable without = table(List.of(update(2, 6, null), update(3, 5, "row")));
        table.forget(new RowBucket.Horizons(Long.MIN_VALUE, 6, Long.MIN_VALUE));
        assertThat(table.marks()).isOne();
        assertThat(table.rows()).isOne();
        assertThat(table.digest()).isEqualTo(without.digest());
    }

    @Test
    void theDigestTellsIdsVersionsContentsAndDeletionsApart() throws Exception {
        List<DimensionTable> tables = List.of(
                table(List.of()),
                table(List.of(update(1, 5, "a"))),
                table(List.of(update(2, 5, "a"))),
                table(List.of(update(1, 6, "a"))),
                table(List.of(update(1, 5, "b"))),
                table(List.of(update(1, 5, null))),
                table(List.of(update(1, 5, ""))),
                table(List.of(update(5, 1, "a"))),
                table(List.of(update(1, 5, "b"), update(2, 5, "a"))),
                table(List.of(update(1, 5, "a"), update(2, 5, "b"))));
        assertThat(tables).extracting(DimensionTable::digest).doesNotHaveDuplicates();
    }

    @Test
    void theTableIsTheSameWhenReadBackFromState() throws Exception {
        OperatorStateStore store = StateStores.empty();
        DimensionTable before = new DimensionTable(Dimension.USER, store.getBroadcastState(DimensionTable.USERS), 1, 0);
        for (DimensionUpdate update : List.of(update(1, 5, "a"), update(2, 6, null), update(-3, 7, "c"))) {
            before.apply(update);
        }
        DimensionTable after = new DimensionTable(Dimension.USER, store.getBroadcastState(DimensionTable.USERS), 1, 0);
        assertThat(contents(after)).isEqualTo(contents(before));
        assertThat(after.digest()).isEqualTo(before.digest());
        assertThat(after.rows()).isEqualTo(2);
        assertThat(after.marks()).isOne();
    }

    /** As the slots of a TaskManager do. */
    @Test
    void subtasksThatHoldTheSameRowsHoldThemOnce() throws Exception {
        OperatorStateStore one = StateStores.empty();
        OperatorStateStore other = StateStores.empty();
        List<DimensionUpdate> updates = List.of(update(1, 5, "a"), update(1, 7, "b"), update(2, 6, null));
        DimensionTable table = new DimensionTable(Dimension.USER, one.getBroadcastState(DimensionTable.USERS), 9, 0);
        for (DimensionUpdate update : updates) {
            table.apply(update);
        }
        DimensionTable loading =
                new DimensionTable(Dimension.USER, other.getBroadcastState(DimensionTable.USERS), 9, 0);
        loading.doNotShare();
        for (int at = updates.size() - 1; at >= 0; at--) {
            loading.apply(updates.get(at));
        }
        int bucket = RowBucket.of(1);
        assertThat(stateOf(other).get(bucket)).isNotSameAs(stateOf(one).get(bucket));
        loading.share();
        assertThat(stateOf(other).get(bucket)).isSameAs(stateOf(one).get(bucket));
        assertThat(contents(loading)).isEqualTo(contents(table));

        table.apply(update(1, 9, "c"));
        assertThat(stateOf(other).get(bucket)).isNotSameAs(stateOf(one).get(bucket));
        loading.apply(update(1, 9, "c"));
        assertThat(stateOf(other).get(bucket)).isSameAs(stateOf(one).get(bucket));
    }

    private static BroadcastState<Integer, RowBucket> stateOf(OperatorStateStore store) throws Exception {
        return store.getBroadcastState(DimensionTable.USERS);
    }

    /** Only what the rule says stands, in the order of the ids. */
    private static List<DimensionUpdate> ruled(List<DimensionUpdate> updates) {
        return LongStream.range(0, IDS)
                .mapToObj(id -> updates.stream().filter(update -> update.id() == id).max(RULE).stream())
                .flatMap(stands -> stands)
                .toList();
    }

    private static @Nullable String randomFragment(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> null;
            case 1 -> "a";
            case 2 -> "aa";
            default -> "é";
        };
    }

    private static DimensionTable table(List<DimensionUpdate> updates) throws Exception {
        return table(updates, 1);
    }

    private static DimensionTable table(List<DimensionUpdate> updates, int versions) throws Exception {
        DimensionTable table = new DimensionTable(
                Dimension.USER, StateStores.empty().getBroadcastState(DimensionTable.USERS), versions, 0);
        for (DimensionUpdate update : updates) {
            table.apply(update);
        }
        return table;
    }

    private static List<String> contents(DimensionTable table) {
        return LongStream.range(-3, IDS)
                .mapToObj(id -> {
                    byte[] fragment = table.latest(id);
                    return id + "=" + (fragment == null ? "null" : new String(fragment, StandardCharsets.UTF_8));
                })
                .toList();
    }

    private static DimensionUpdate update(long id, long validFrom, @Nullable String fragment) {
        return new DimensionUpdate(Dimension.USER, id, validFrom, 0, fragment == null ? null : bytes(fragment), 0, 0);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
