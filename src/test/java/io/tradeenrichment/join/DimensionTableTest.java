package io.tradeenrichment.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.StateStores;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.state.RowBucket;
import io.tradeenrichment.state.VersionOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DimensionTableTest {
    private static final int IDS = 4;
    private static final int PARTITIONS = 3;
    private static final int TIMES = 8;
    private static final long NUMBER = 7;
    private static final byte[][] TEXTS = {bytes("b"), bytes(""), bytes("é"), bytes("ba")};
    private static final VersionOrder BY_RECORD = VersionOrder.BY_RECORD;
    private static final VersionOrder BY_VALID_FROM = VersionOrder.BY_VALID_FROM;

    private static final Comparator<DimensionUpdate> BETWEEN_PARTITIONS =
            Comparator.comparingLong(DimensionUpdate::timestamp).thenComparing(DimensionUpdate::partition);

    private long offsets;

    /** The rule: the last record of each partition, and the latest of those. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theLastRecordOfAKeyIsItsRowForAnyInterleaving(long seed) throws Exception {
        Random random = new Random(seed);
        for (int round = 0; round < 40; round++) {
            List<DimensionUpdate> updates = history(random);
            List<String> expected = new ArrayList<>();
            for (long id = 0; id < IDS; id++) {
                expected.add(text(lastOfEachPartition(updates, id).stream()
                        .max(BETWEEN_PARTITIONS)
                        .map(DimensionUpdate::fragment)
                        .orElse(null)));
            }
            List<Long> digests = new ArrayList<>();
            for (int interleaving = 0; interleaving < 5; interleaving++) {
                DimensionTable table = table(interleaved(updates, random), BY_RECORD, 1);
                List<String> found = new ArrayList<>();
                for (long id = 0; id < IDS; id++) {
                    found.add(text(table.latest(id, null)));
                }
                assertThat(found).isEqualTo(expected);
                assertThat(table.rows())
                        .isEqualTo(expected.stream()
                                .filter(row -> !row.equals("null"))
                                .count());
                digests.add(table.digest());
            }
            assertThat(digests.stream().distinct()).hasSize(1);
        }
    }

    private static Collection<DimensionUpdate> lastOfEachPartition(List<DimensionUpdate> updates, long id) {
        Map<Integer, DimensionUpdate> last = new TreeMap<>();
        updates.stream().filter(update -> update.id() == id).forEach(update -> last.put(update.partition(), update));
        return last.values();
    }

    /**
     * The rule: the version with the latest valid_from that no tombstone up to the time deletes. Of versions with the
     * same valid_from, the last record of a partition counts, and the later one between partitions.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theValidVersionIsTheSameForAnyInterleaving(long seed) throws Exception {
        Random random = new Random(seed);
        int backdated = 0;
        for (int round = 0; round < 60; round++) {
            List<DimensionUpdate> updates = history(random);
            List<String> expected = new ArrayList<>();
            for (long id = 0; id < IDS; id++) {
                for (long time = -1; time <= TIMES; time++) {
                    expected.add(validByTheRule(updates, id, time));
                }
            }
            backdated += (int) updates.stream()
                    .filter(update -> update.fragment() != null && update.validFrom() < update.timestamp() * 1000)
                    .count();
            List<Long> digests = new ArrayList<>();
            for (int interleaving = 0; interleaving < 5; interleaving++) {
                DimensionTable table = table(interleaved(updates, random), BY_VALID_FROM, 100);
                assertThat(valid(table)).isEqualTo(expected);
                digests.add(table.digest());
            }
            assertThat(digests.stream().distinct()).hasSize(1);
        }
        assertThat(backdated)
                .as("versions with a timestamp after their valid_from")
                .isPositive();
    }

    private static String validByTheRule(List<DimensionUpdate> updates, long id, long time) {
        Map<String, DimensionUpdate> last = new TreeMap<>();
        updates.stream()
                .filter(update -> update.id() == id)
                .forEach(update -> last.put(update.validFrom() + " in " + update.partition(), update));
        return text(last.values().stream()
                .filter(version -> version.fragment() != null && version.validFrom() <= time)
                .filter(version -> last.values().stream()
                        .noneMatch(other -> other.fragment() == null
                                && other.validFrom() <= time
                                && other.validFrom() >= version.validFrom()
                                && isLater(other, version)))
                .max(Comparator.comparingLong(DimensionUpdate::validFrom).thenComparing(BETWEEN_PARTITIONS))
                .map(DimensionUpdate::fragment)
                .orElse(null));
    }

    private static boolean isLater(DimensionUpdate one, DimensionUpdate other) {
        return one.partition() == other.partition()
                ? one.offset() > other.offset()
                : BETWEEN_PARTITIONS.compare(one, other) > 0;
    }

    /** If no version is inserted after a deletion, exactly the newest versions are kept. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void keepsTheNewestVersionsOnly(int versions) throws Exception {
        Random random = new Random(versions);
        for (int round = 0; round < 40; round++) {
            List<Long> times = LongStream.range(0, 10).boxed().collect(Collectors.toList());
            Collections.shuffle(times, random);
            DimensionTable table = table(List.of(), BY_VALID_FROM, versions);
            for (long time : times) {
                table.apply(update(1, time, "v" + time));
            }
            for (long time = 0; time < 10; time++) {
                assertThat(text(table.asOf(1, null, time))).isEqualTo(time < 10 - versions ? "null" : "v" + time);
            }
            assertThat(table.versions()).isEqualTo(versions);
        }
    }

    /** All texts have the same number, so their rows are in one bucket, which is not so for integers. */
    @ParameterizedTest
    @EnumSource
    void textsWithTheSameNumberHaveTheRowsOfDifferentIntegers(VersionOrder order) throws Exception {
        for (int seed = 1; seed <= 40; seed++) {
            Random random = new Random(seed);
            List<DimensionUpdate> updates = interleaved(history(random), random);
            DimensionTable integers = table(List.of(), order, 2);
            DimensionTable texts = table(List.of(), order, 2);
            for (DimensionUpdate update : updates) {
                assertThat(texts.apply(withText(update))).isEqualTo(integers.apply(update));
                if (random.nextInt(10) == 0) {
                    var horizons = new RowBucket.Horizons(random.nextInt(3), random.nextInt(3), random.nextInt(3));
                    integers.expire(horizons);
                    texts.expire(horizons);
                }
                for (long id = 0; id < IDS; id++) {
                    assertThat(texts.latest(NUMBER, TEXTS[(int) id])).isEqualTo(integers.latest(id, null));
                    for (long time = -1; time <= TIMES && order == BY_VALID_FROM; time++) {
                        assertThat(texts.asOf(NUMBER, TEXTS[(int) id], time)).isEqualTo(integers.asOf(id, null, time));
                        assertThat(texts.nextAfter(NUMBER, TEXTS[(int) id], time))
                                .isEqualTo(integers.nextAfter(id, null, time));
                    }
                }
                assertThat(counts(texts)).isEqualTo(counts(integers));
            }
            assertThat(texts.latest(NUMBER, bytes("another"))).isNull();
            assertThat(texts.latest(NUMBER, null)).isNull();
            updates = updates.stream().map(DimensionTableTest::withText).toList();
            DimensionTable one = table(updates, order, 100);
            assertThat(table(interleaved(updates, random), order, 100).digest()).isEqualTo(one.digest());
        }
    }

    private static List<Long> counts(DimensionTable table) {
        return List.of(table.rows(), table.versions(), table.tombstones(), table.outdated(), table.ties());
    }

    /** The update of a text in place of an integer. */
    private static DimensionUpdate withText(DimensionUpdate update) {
        return new DimensionUpdate(
                update.dimension(),
                NUMBER,
                TEXTS[(int) update.id()],
                update.validFrom(),
                update.timestamp(),
                update.fragment(),
                update.partition(),
                update.offset());
    }

    @Test
    void aRowThatIsDeletedAndInsertedInOneTransactionIsPresent() throws Exception {
        List<DimensionUpdate> history = List.of(update(1, 5_000, "before"), deletion(1, 9), update(1, 8_500, "again"));
        assertThat(text(table(history, BY_RECORD, 1).latest(1, null))).isEqualTo("again");
        DimensionTable timelines = table(history, BY_VALID_FROM, 9);
        assertThat(text(timelines.asOf(1, null, 8_499))).isEqualTo("before");
        assertThat(text(timelines.asOf(1, null, 8_500))).isEqualTo("again");
        assertThat(text(timelines.asOf(1, null, 100_000))).isEqualTo("again");
        assertThat(timelines.rows()).isOne();
    }

    @Test
    void theLaterOfTwoUpdatesWithTheSameValidFromCounts() throws Exception {
        List<DimensionUpdate> history = List.of(update(1, 5, "z"), update(1, 5, "a"));
        assertThat(text(table(history, BY_RECORD, 1).latest(1, null))).isEqualTo("a");
        assertThat(text(table(history, BY_VALID_FROM, 9).asOf(1, null, 5))).isEqualTo("a");
    }

    @Test
    void aRowWithAValidFromInTheFutureCanBeDeleted() throws Exception {
        List<DimensionUpdate> history = List.of(update(1, Long.MAX_VALUE, "some day"), deletion(1, 9));
        assertThat(table(history, BY_RECORD, 1).latest(1, null)).isNull();
    }

    @Test
    void aRepeatedUpdateChangesNothing() throws Exception {
        List<DimensionUpdate> history = List.of(update(1, 5, "a"), update(1, 7, "b"), deletion(2, 3));
        for (VersionOrder order : VersionOrder.values()) {
            DimensionTable once = table(history, order, 9);
            DimensionTable twice =
                    table(Stream.concat(history.stream(), history.stream()).toList(), order, 9);
            assertThat(twice.digest()).isEqualTo(once.digest());
            assertThat(twice.versions()).isEqualTo(once.versions());
        }
    }

    @Test
    void countsOutdatedUpdatesAndTies() throws Exception {
        DimensionTable table = table(List.of(update(1, 5, "b")), BY_VALID_FROM, 1);
        assertThat(table.apply(update(1, 4, "older"))).isFalse();
        assertThat(table.outdated()).isOne();
        assertThat(table.apply(update(1, 5, "b"))).as("the same content again").isTrue();
        assertThat(table.ties()).isZero();
        assertThat(table.apply(update(1, 5, "a"))).isTrue();
        assertThat(table.apply(update(1, 5, "c"))).isTrue();
        assertThat(table.ties()).isEqualTo(2);
        assertThat(table.outdated()).isOne();
    }

    @Test
    void removesTombstonesBeforeTheHorizon() throws Exception {
        List<DimensionUpdate> history = List.of(deletion(1, 5), deletion(2, 6), update(3, 5, "row"));
        DimensionTable table = table(history, BY_VALID_FROM, 9);
        DimensionTable without = table(history.subList(1, 3), BY_VALID_FROM, 9);
        table.expire(new RowBucket.Horizons(Long.MIN_VALUE, 6_000, Long.MIN_VALUE));
        assertThat(table.tombstones()).isOne();
        assertThat(table.rows()).isOne();
        assertThat(table.digest()).isEqualTo(without.digest());
    }

    @Test
    void theDigestDependsOnIdsVersionsContentsAndDeletions() throws Exception {
        List<List<DimensionUpdate>> histories = List.of(
                List.of(),
                List.of(update(1, 5, "a")),
                List.of(update(2, 5, "a")),
                List.of(update(1, 6, "a")),
                List.of(update(1, 5, "b")),
                List.of(deletion(1, 5)),
                List.of(update(1, 5, "")),
                List.of(update(5, 1, "a")),
                List.of(update(1, 5, "b"), update(2, 5, "a")),
                List.of(update(1, 5, "a"), update(2, 5, "b")));
        List<Long> digests = new ArrayList<>();
        for (List<DimensionUpdate> history : histories) {
            digests.add(table(history, BY_VALID_FROM, 9).digest());
        }
        assertThat(digests).doesNotHaveDuplicates();
    }

    @Test
    void restoresTheTableFromState() throws Exception {
        OperatorStateStore store = StateStores.empty();
        DimensionTable before = new DimensionTable(
                Dimension.USER, store.getBroadcastState(DimensionTable.descriptor(Dimension.USER)), BY_RECORD, 1, 0);
        for (DimensionUpdate update : List.of(update(1, 5, "a"), deletion(2, 6), update(-3, 7, "c"))) {
            before.apply(update);
        }
        DimensionTable after = new DimensionTable(
                Dimension.USER, store.getBroadcastState(DimensionTable.descriptor(Dimension.USER)), BY_RECORD, 1, 0);
        assertThat(contents(after)).isEqualTo(contents(before));
        assertThat(after.digest()).isEqualTo(before.digest());
        assertThat(after.rows()).isEqualTo(2);
        assertThat(after.tombstones()).isOne();
    }

    /** As in the slots of a TaskManager. */
    @Test
    void subtasksWithTheSameRowsShareBuckets() throws Exception {
        OperatorStateStore one = StateStores.empty();
        OperatorStateStore other = StateStores.empty();
        List<DimensionUpdate> updates = List.of(update(1, 5, "a"), update(1, 7, "b"), deletion(2, 6));
        DimensionTable table = new DimensionTable(
                Dimension.USER, one.getBroadcastState(DimensionTable.descriptor(Dimension.USER)), BY_VALID_FROM, 9, 0);
        for (DimensionUpdate update : updates) {
            table.apply(update);
        }
        DimensionTable loading = new DimensionTable(
                Dimension.USER,
                other.getBroadcastState(DimensionTable.descriptor(Dimension.USER)),
                BY_VALID_FROM,
                9,
                0);
        loading.suspendInterning();
        for (DimensionUpdate update : updates) {
            loading.apply(update);
        }
        int bucket = RowBucket.of(1);
        assertThat(stateOf(other).get(bucket)).isNotSameAs(stateOf(one).get(bucket));
        loading.intern();
        assertThat(stateOf(other).get(bucket)).isSameAs(stateOf(one).get(bucket));
        assertThat(contents(loading)).isEqualTo(contents(table));

        DimensionUpdate next = update(1, 9, "c");
        table.apply(next);
        assertThat(stateOf(other).get(bucket)).isNotSameAs(stateOf(one).get(bucket));
        loading.apply(next);
        assertThat(stateOf(other).get(bucket)).isSameAs(stateOf(one).get(bucket));
    }

    private static BroadcastState<Integer, RowBucket> stateOf(OperatorStateStore store) throws Exception {
        return store.getBroadcastState(DimensionTable.descriptor(Dimension.USER));
    }

    /** Random updates, ordered within each partition. Timestamps of a partition may go back. */
    private List<DimensionUpdate> history(Random random) {
        List<DimensionUpdate> updates = new ArrayList<>();
        for (int i = random.nextInt(1, 40); i > 0; i--) {
            long timestamp = random.nextInt(TIMES);
            boolean deletes = random.nextInt(4) == 0;
            updates.add(new DimensionUpdate(
                    Dimension.USER,
                    random.nextInt(IDS),
                    deletes ? timestamp : random.nextInt(TIMES),
                    timestamp,
                    deletes ? null : bytes("v" + offsets),
                    random.nextInt(PARTITIONS),
                    offsets++));
        }
        return updates;
    }

    private static List<DimensionUpdate> interleaved(List<DimensionUpdate> updates, Random random) {
        Map<Integer, Deque<DimensionUpdate>> partitions = new TreeMap<>();
        updates.forEach(update -> partitions
                .computeIfAbsent(update.partition(), partition -> new ArrayDeque<>())
                .add(update));
        List<DimensionUpdate> all = new ArrayList<>();
        while (!partitions.isEmpty()) {
            List<Integer> left = List.copyOf(partitions.keySet());
            int partition = left.get(random.nextInt(left.size()));
            all.add(partitions.get(partition).remove());
            if (partitions.get(partition).isEmpty()) {
                partitions.remove(partition);
            }
        }
        return all;
    }

    private static DimensionTable table(List<DimensionUpdate> updates, VersionOrder order, int versions)
            throws Exception {
        DimensionTable table = new DimensionTable(
                Dimension.USER,
                StateStores.empty().getBroadcastState(DimensionTable.descriptor(Dimension.USER)),
                order,
                versions,
                0);
        for (DimensionUpdate update : updates) {
            table.apply(update);
        }
        return table;
    }

    private static List<String> contents(DimensionTable table) {
        return LongStream.range(-3, IDS)
                .mapToObj(id -> id + "=" + text(table.latest(id, null)))
                .toList();
    }

    private static List<String> valid(DimensionTable table) {
        List<String> found = new ArrayList<>();
        for (long id = 0; id < IDS; id++) {
            for (long time = -1; time <= TIMES; time++) {
                found.add(text(table.asOf(id, null, time)));
            }
        }
        return found;
    }

    /** Updates of one partition, in the order in which a test makes them. */
    private DimensionUpdate update(long id, long validFrom, String fragment) {
        return new DimensionUpdate(Dimension.USER, id, validFrom, 0, bytes(fragment), 0, offsets++);
    }

    private DimensionUpdate deletion(long id, long millis) {
        return new DimensionUpdate(Dimension.USER, id, millis * 1000 + 999, millis, null, 0, offsets++);
    }

    private static String text(byte @Nullable [] fragment) {
        return fragment == null ? "null" : new String(fragment, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
