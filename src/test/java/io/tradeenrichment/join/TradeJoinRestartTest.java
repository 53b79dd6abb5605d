package io.tradeenrichment.join;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradeenrichment.Samples;
import io.tradeenrichment.config.KeyBy;
import io.tradeenrichment.config.MissingRow;
import io.tradeenrichment.model.Account;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionSnapshot;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.RejectedRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The join restores its state at the same or another parallelism. */
class TradeJoinRestartTest {
    private static final long WAIT_MILLIS = JoinHarness.WAIT.toMillis();
    private static final long WEEKS_LATER = Duration.ofDays(30).toMillis();

    enum Backend {
        HEAP,
        ROCKS_DB;

        StateBackend make() {
            if (this == HEAP) {
                return new HashMapStateBackend();
            }
            var backend = new EmbeddedRocksDBStateBackend();
            backend.getMemoryConfiguration().setUseManagedMemory(false);
            return backend;
        }
    }

    @ParameterizedTest
    @EnumSource
    void releasesParkedTradesInOrderWhenTheRowArrivesAfterARestart(Backend backend) throws Exception {
        OperatorSubtaskState state = snapshotOf(backend, join -> {
            join.user(3, 1, "u");
            join.trade(5, 7, 3);
            join.trade(2, 7, 3);
        });
        try (JoinHarness join = restarted(backend, state).at(10).open()) {
            join.trade(9, 7, 3);
            assertThat(join.enriched()).isEmpty();
            join.stock(7, 1, "SPY");
            assertThat(join.enriched()).containsExactly("5:u:SPY", "2:u:SPY", "9:u:SPY");
        }
    }

    @ParameterizedTest
    @EnumSource
    void keepsTheOrderOfARestoredQueueBeforeAnyTimerHasFired(Backend backend) throws Exception {
        OperatorSubtaskState state = snapshotOf(backend, join -> {
            join.stock(7, 1, "SPY");
            join.user(4, 1, "known");
            join.trade(5, 7, 3);
        });
        try (JoinHarness join = restarted(backend, state).at(10).openBeforeTimersFire()) {
            join.trade(6, 7, 4);
            join.user(3, 1, "late");
            join.trade(7, 7, 3);
            join.advanceTo(11);
            assertThat(join.enriched()).containsExactly("5:late:SPY", "6:known:SPY", "7:late:SPY");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRestoredTradeWaitsForTheFullTimeoutAgain(Backend backend) throws Exception {
        OperatorSubtaskState state = snapshotOf(backend, join -> {
            join.stock(8, 1, "QQQ");
            join.trade(1, 7, 3);
            join.advanceTo(20);
            join.trade(2, 8, 3);
        });
        long restart = WEEKS_LATER;
        try (JoinHarness join = restarted(backend, state).at(restart).open()) {
            join.advanceTo(restart + WAIT_MILLIS - 1);
            assertThat(join.rejected()).isEmpty();
            join.user(3, 1, "sent during the outage");
            assertThat(join.enriched()).containsExactly("2:sent during the outage:QQQ");
            join.advanceTo(restart + WAIT_MILLIS);
            assertThat(join.rejected())
                    .extracting(RejectedRecord::message)
                    .containsExactly("trade 1 found no instrument 7 within join.wait.timeout");
            assertThat(join.trades(Account.PARKED)).isZero();
            assertThat(join.timers()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void keepsParkedTradesInAnOutageLongerThanTheTtl(Backend backend) throws Exception {
        OperatorSubtaskState state = snapshotOf(backend, join -> {
            join.stock(7, 1, "SPY");
            join.trade(1, 7, 3);
            join.trade(2, 7, 3);
            join.trade(3, 8, 3);
        });
        try (JoinHarness join = restarted(backend, state).at(WEEKS_LATER).open()) {
            join.advanceTo(WEEKS_LATER + WAIT_MILLIS);
            assertThat(join.rejected())
                    .extracting(RejectedRecord::message)
                    .containsExactlyInAnyOrder(
                            "trade 1 found no user 3 within join.wait.timeout",
                            "trade 2 found no user 3 within join.wait.timeout",
                            "trade 3 found no instrument 8 within join.wait.timeout");
            assertThat(join.trades(Account.PARKED)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTradeParkedAfterALongOutageHidesNoEarlierTrade(Backend backend) throws Exception {
        OperatorSubtaskState state = snapshotOf(backend, join -> {
            join.stock(7, 1, "SPY");
            join.trade(1, 7, 3);
            join.trade(2, 7, 3);
        });
        try (JoinHarness join = restarted(backend, state).at(WEEKS_LATER).openBeforeTimersFire()) {
            join.trade(9, 7, 3);
            join.user(3, 1, "late");
            join.advanceTo(WEEKS_LATER);
            assertThat(join.enriched()).containsExactly("1:late:SPY", "2:late:SPY", "9:late:SPY");
            assertThat(join.trades(Account.PARKED)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aTradeRepeatedAfterARestartIsADuplicateUntilItsIdExpires(Backend backend) throws Exception {
        OperatorSubtaskState state = snapshotOf(backend, join -> {
            join.stock(7, 1, "SPY");
            join.user(3, 1, "u");
            join.trade(1, 7, 3);
            join.trade(2, 8, 3);
        });
        try (JoinHarness join = restarted(backend, state).at(10).open()) {
            join.trade(1, 7, 3);
            join.trade(2, 8, 3);
            assertThat(join.enriched()).isEmpty();
            assertThat(join.trades(Account.DUPLICATES)).isEqualTo(2);
            join.advanceTo(4_500_001);
            join.trade(1, 7, 3);
            assertThat(join.enriched()).containsExactly("1:u:SPY");
        }
    }

    @ParameterizedTest
    @EnumSource
    void restoresRowsAndTombstones(Backend backend) throws Exception {
        var digests = new ArrayList<Long>();
        OperatorSubtaskState state = snapshotOf(backend, join -> {
            join.stock(7, 10, "SPY");
            join.user(3, 10_000, "u");
            join.user(4, 10_000, "gone");
            join.update(Samples.deletion(Dimension.USER, 4, 20_000));
            digests.add(join.rows(Dimension.USER).digest());
        });
        try (JoinHarness join = restarted(backend, state).open()) {
            assertThat(join.rows(Dimension.USER).digest()).isEqualTo(digests.get(0));
            assertThat(join.rows(Dimension.USER).tombstones()).isOne();
            assertThat(join.rows(Dimension.USER).rows()).isOne();
            join.trade(1, 7, 3);
            assertThat(join.enriched()).containsExactly("1:u:SPY");
            join.update(Samples.at(1, 0, Samples.user(4, 15_000, "older, in another partition")));
            join.update(Samples.at(1, 1, Samples.user(3, 5, "older, in another partition")));
            join.trade(2, 7, 3);
            join.trade(3, 7, 4);
            assertThat(join.enriched()).containsExactly("2:u:SPY");
        }
    }

    @ParameterizedTest
    @EnumSource
    void restoresTotals(Backend backend) throws Exception {
        OperatorSubtaskState state = snapshotOf(backend, join -> {
            join.stock(7, 1, "SPY");
            join.user(3, 1, "u");
            join.trade(1, 7, 3);
            join.trade(1, 7, 3);
            join.trade(2, 7, 99);
            join.advanceTo(WAIT_MILLIS);
            join.trade(3, 7, 99);
        });
        try (JoinHarness join = restarted(backend, state).at(WAIT_MILLIS).open()) {
            assertThat(totals(join)).isEqualTo("enriched 1, duplicates 1, dead_lettered 1, dropped 0, parked 1");
            join.user(99, 1, "late");
            join.trade(4, 7, 3);
            assertThat(totals(join)).isEqualTo("enriched 3, duplicates 1, dead_lettered 1, dropped 0, parked 0");
        }
    }

    @ParameterizedTest
    @EnumSource
    void rejectsAnInvalidSnapshotRecordOnceAcrossRestarts(Backend backend) throws Exception {
        OperatorSubtaskState state;
        try (JoinHarness join = JoinHarness.with(JoinHarness.WAITING)
                .backend(backend.make())
                .snapshot(new SnapshotSteps().rejected(5))
                .open()) {
            assertThat(join.rejected()).isEmpty();
            state = join.snapshot();
        }
        OperatorSubtaskState sent;
        try (JoinHarness join =
                restarted(backend, state).snapshot(new UnreadableSnapshot()).open()) {
            join.trade(1, 7, 3);
            join.trade(2, 7, 3);
            assertThat(join.rejected()).extracting(RejectedRecord::message).containsExactly("5 is no row");
            sent = join.snapshot();
        }
        try (JoinHarness join =
                restarted(backend, sent).snapshot(new UnreadableSnapshot()).open()) {
            join.user(3, 1, "u");
            join.trade(3, 7, 3);
            assertThat(join.rejected()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void sendsUnsentRecordsWhenTheInputEndsWithoutAnyElement(Backend backend) throws Exception {
        try (JoinHarness join = JoinHarness.with(JoinHarness.WAITING)
                .backend(backend.make())
                .snapshot(new SnapshotSteps().rejected(5))
                .open()) {
            join.endInput();
            assertThat(join.rejected()).extracting(RejectedRecord::message).containsExactly("5 is no row");
        }
    }

    @ParameterizedTest
    @EnumSource
    void sendsUnsentRecordsFromOneSubtaskAtAnyParallelism(Backend backend) throws Exception {
        SnapshotSteps snapshot = new SnapshotSteps().rejected(5).rejected(6).rejected(7);
        List<OperatorSubtaskState> states = new ArrayList<>();
        for (JoinHarness join : opened(2, backend, snapshot)) {
            try (join) {
                states.add(join.snapshot());
            }
        }
        try (JoinSubtasks three = JoinSubtasks.restored(3, backend, states)) {
            three.update(Samples.user(3, 1, "u"));
            assertThat(three.rejected())
                    .extracting(RejectedRecord::message)
                    .containsExactlyInAnyOrder("5 is no row", "6 is no row", "7 is no row");
        }
    }

    @ParameterizedTest
    @EnumSource
    void doesNotLoadTheSnapshotAgainAfterARestart(Backend backend) throws Exception {
        OperatorSubtaskState state = loaded(backend, new SnapshotSteps().row(0, 5, Samples.user(3, 1, "u")));
        try (JoinHarness join =
                restarted(backend, state).snapshot(new UnreadableSnapshot()).open()) {
            join.stock(7, 1, "SPY");
            join.trade(1, 7, 3);
            assertThat(join.enriched()).containsExactly("1:u:SPY");
        }
    }

    @ParameterizedTest
    @EnumSource
    void aHigherGenerationLoadsTheSnapshotAgainAndReleasesParkedTrades(Backend backend) throws Exception {
        OperatorSubtaskState state = snapshotOf(backend, join -> {
            join.stock(7, 1, "SPY");
            join.trade(1, 7, 3);
        });
        SnapshotSteps snapshot =
                new SnapshotSteps().row(0, 5, Samples.user(3, 1, "u")).row(0, 5, Samples.stock(7, 1, "SPY"));
        OperatorSubtaskState reloaded;
        try (JoinHarness join =
                restarted(backend, state).generation(2).snapshot(snapshot).open()) {
            assertThat(join.enriched()).containsExactly("1:u:SPY");
            reloaded = join.snapshot();
        }
        try (JoinHarness join = restarted(backend, reloaded)
                .generation(2)
                .snapshot(new UnreadableSnapshot())
                .open()) {
            assertThat(join.rows(Dimension.USER).rows()).isOne();
        }
    }

    /** A row of an earlier load may have been deleted since, and its tombstone removed by compaction. */
    @ParameterizedTest
    @EnumSource
    void aHigherGenerationRemovesRowsThatAreNoLongerInTheTopics(Backend backend) throws Exception {
        OperatorSubtaskState state = snapshotOf(backend, join -> {
            join.stock(7, 1, "SPY");
            join.user(3, 1, "u");
        });
        SnapshotSteps snapshot = new SnapshotSteps().row(0, 5, Samples.user(3, 1, "u"));
        try (JoinHarness join =
                restarted(backend, state).generation(2).snapshot(snapshot).open()) {
            assertThat(join.rows(Dimension.USER).rows()).isOne();
            assertThat(join.rows(Dimension.INSTRUMENT).rows()).isZero();
            join.trade(1, 7, 3);
            assertThat(join.trades(Account.PARKED)).isOne();
        }
    }

    @ParameterizedTest
    @EnumSource
    void skipsALiveUpdateThatTheLoadHadReadAfterARestart(Backend backend) throws Exception {
        OperatorSubtaskState state = loaded(backend, new SnapshotSteps().row(2, 40, Samples.user(3, 1, "u")));
        try (JoinHarness join = restarted(backend, state).open()) {
            join.update(Samples.at(2, 40, Samples.user(3, 2, "already read")));
            join.update(Samples.at(1, 40, Samples.user(4, 1, "of another partition")));
            assertThat(join.skipped()).isOne();
            join.update(Samples.at(2, 41, Samples.user(5, 1, "first that was not read")));
            join.stock(7, 1, "SPY");
            join.trade(1, 7, 3);
            join.trade(2, 7, 4);
            join.trade(3, 7, 5);
            assertThat(join.enriched())
                    .containsExactly("1:u:SPY", "2:of another partition:SPY", "3:first that was not read:SPY");
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesStateWithAnotherKey(Backend backend) throws Exception {
        OperatorSubtaskState state = snapshotOf(backend, join -> join.trade(1, 7, 3));
        for (KeyBy other : List.of(KeyBy.TRADE_ID, KeyBy.INSTRUMENT_AND_USER)) {
            assertThatThrownBy(() -> JoinHarness.with(JoinHarness.keyedBy(other))
                            .backend(backend.make())
                            .restore(1, state)
                            .open())
                    .isInstanceOf(SuppressRestartsException.class)
                    .hasRootCauseMessage(
                            "trades.key-by is " + other + ", but was instrument_id when the state was saved:"
                                    + " the ids of trades and the parked trades would not be found; set trades.key-by to"
                                    + " instrument_id, or start the job without this state");
        }
    }

    /** As when join.time is changed at a savepoint: one order removes versions that the other needs. */
    @ParameterizedTest
    @EnumSource
    void loadsTheSnapshotAgainIfTheOrderOfVersionsChanges(Backend backend) throws Exception {
        OperatorSubtaskState state;
        try (JoinHarness join = JoinHarness.with(JoinHarness.asOf(Duration.ZERO, MissingRow.WAIT))
                .dimensions(JoinHarness.TIMELINES)
                .backend(backend.make())
                .open()) {
            join.stock(7, 20, "NEWEST");
            join.user(3, 10, "u");
            state = join.snapshot();
        }
        SnapshotSteps topics = new SnapshotSteps()
                .row(0, 5, Samples.stock(7, 20, "NEWEST"))
                .row(0, 6, Samples.stock(7, 10, "LAST"))
                .row(0, 5, Samples.user(3, 10, "u"));
        try (JoinHarness join = restarted(backend, state).snapshot(topics).open()) {
            join.trade(1, 7, 3);
            assertThat(join.enriched()).containsExactly("1:u:LAST");
            state = join.snapshot();
        }
        try (JoinHarness join =
                restarted(backend, state).snapshot(new UnreadableSnapshot()).open()) {
            assertThat(join.rows(Dimension.INSTRUMENT).rows()).isOne();
        }
    }

    /** From one subtask to three, then to two; trades are parked at each parallelism, and released at each. */
    @ParameterizedTest
    @EnumSource
    void rescalingKeepsParkedTradesTotalsAndRows(Backend backend) throws Exception {
        int instruments = 200;
        List<String> enriched = new ArrayList<>();
        List<OperatorSubtaskState> states;
        try (JoinSubtasks one = JoinSubtasks.started(1, backend)) {
            for (int instrument = 0; instrument < instruments; instrument++) {
                one.update(Samples.stock(instrument, 1, "S" + instrument));
                one.trade(tradeOf(instrument, 0), instrument, instrument % 20);
                one.trade(tradeOf(instrument, 0), instrument, instrument % 20);
                one.trade(tradeOf(instrument, 1), instrument, 20 + instrument % 20);
            }
            states = one.snapshot();
            enriched.addAll(one.enriched());
        }
        assertThat(enriched).isEmpty();
        try (JoinSubtasks three = JoinSubtasks.restored(3, backend, states)) {
            for (int user = 0; user < 20; user++) {
                three.update(Samples.user(user, 1, "u" + user));
            }
            for (int instrument = 0; instrument < instruments; instrument++) {
                three.trade(tradeOf(instrument, 2), instrument, 40 + instrument % 20);
            }
            assertThat(three.digests(Dimension.USER)).hasSize(1);
            assertThat(three.digests(Dimension.INSTRUMENT)).hasSize(1);
            states = three.snapshot();
            enriched.addAll(three.enriched());
            assertThat(three.subtasks)
                    .allSatisfy(join ->
                            assertThat(join.rows(Dimension.INSTRUMENT).rows()).isEqualTo(instruments));
        }
        assertThat(enriched).hasSize(instruments);
        try (JoinSubtasks two = JoinSubtasks.restored(2, backend, states)) {
            assertThat(two.total(Account.PARKED)).isEqualTo(2L * instruments);
            for (int user = 40; user < 60; user++) {
                two.update(Samples.user(user, 1, "u" + user));
            }
            for (int user = 20; user < 40; user++) {
                two.update(Samples.user(user, 1, "u" + user));
            }
            assertThat(two.digests(Dimension.USER)).hasSize(1);
            assertThat(two.digests(Dimension.INSTRUMENT)).hasSize(1);
            assertThat(two.total(Account.PARKED)).isZero();
            assertThat(two.total(Account.ENRICHED)).isEqualTo(3L * instruments);
            assertThat(two.total(Account.DUPLICATES)).isEqualTo(instruments);
            enriched.addAll(two.enriched());
        }
        for (int instrument = 0; instrument < instruments; instrument++) {
            String symbol = ":S" + instrument;
            assertThat(enriched.stream().filter(trade -> trade.endsWith(symbol)))
                    .containsExactly(
                            tradeOf(instrument, 0) + ":u" + instrument % 20 + symbol,
                            tradeOf(instrument, 1) + ":u" + (20 + instrument % 20) + symbol,
                            tradeOf(instrument, 2) + ":u" + (40 + instrument % 20) + symbol);
        }
    }

    private static long tradeOf(int instrument, int number) {
        return instrument * 10L + number;
    }

    private static JoinHarness.Setup restarted(Backend backend, OperatorSubtaskState state) throws Exception {
        return JoinHarness.with(JoinHarness.WAITING).backend(backend.make()).restore(1, state);
    }

    private static OperatorSubtaskState snapshotOf(Backend backend, Steps steps) throws Exception {
        try (JoinHarness join =
                JoinHarness.with(JoinHarness.WAITING).backend(backend.make()).open()) {
            steps.take(join);
            return join.snapshot();
        }
    }

    private static OperatorSubtaskState loaded(Backend backend, DimensionSnapshot snapshot) throws Exception {
        try (JoinHarness join = JoinHarness.with(JoinHarness.WAITING)
                .backend(backend.make())
                .snapshot(snapshot)
                .open()) {
            return join.snapshot();
        }
    }

    private static List<JoinHarness> opened(int parallelism, Backend backend, DimensionSnapshot snapshot)
            throws Exception {
        List<JoinHarness> subtasks = new ArrayList<>();
        for (int subtask = 0; subtask < parallelism; subtask++) {
            subtasks.add(JoinHarness.with(JoinHarness.WAITING)
                    .backend(backend.make())
                    .snapshot(snapshot)
                    .subtask(subtask, parallelism)
                    .open());
        }
        return subtasks;
    }

    private static String totals(JoinHarness join) {
        return List.of(Account.ENRICHED, Account.DUPLICATES, Account.DEAD_LETTERED, Account.DROPPED, Account.PARKED)
                .stream()
                .map(account -> account.title() + " " + join.trades(account))
                .reduce((a, b) -> a + ", " + b)
                .orElseThrow();
    }

    private interface Steps {
        void take(JoinHarness join) throws Exception;
    }

    /** All subtasks of the join. A trade goes to the subtask of its key, an update to all. */
    private record JoinSubtasks(List<JoinHarness> subtasks) implements AutoCloseable {
        static JoinSubtasks started(int parallelism, Backend backend) throws Exception {
            return new JoinSubtasks(opened(parallelism, backend, DimensionSnapshot.NONE));
        }

        static JoinSubtasks restored(int parallelism, Backend backend, List<OperatorSubtaskState> states)
                throws Exception {
            List<JoinHarness> subtasks = new ArrayList<>();
            for (int subtask = 0; subtask < parallelism; subtask++) {
                subtasks.add(JoinHarness.with(JoinHarness.WAITING)
                        .backend(backend.make())
                        .snapshot(new UnreadableSnapshot())
                        .subtask(subtask, parallelism)
                        .restore(states.size(), states.toArray(OperatorSubtaskState[]::new))
                        .at(10)
                        .open());
            }
            return new JoinSubtasks(subtasks);
        }

        void trade(long tradeId, long instrumentId, long userId) throws Exception {
            int subtask = KeyGroupRangeAssignment.assignKeyToParallelOperator(
                    instrumentId, JoinHarness.MAX_PARALLELISM, subtasks.size());
            subtasks.get(subtask).trade(tradeId, instrumentId, userId);
        }

        void update(DimensionUpdate update) throws Exception {
            for (JoinHarness join : subtasks) {
                join.update(update);
            }
        }

        List<OperatorSubtaskState> snapshot() throws Exception {
            List<OperatorSubtaskState> states = new ArrayList<>();
            for (JoinHarness join : subtasks) {
                states.add(join.snapshot());
            }
            return states;
        }

        List<String> enriched() {
            return subtasks.stream().flatMap(join -> join.enriched().stream()).toList();
        }

        List<RejectedRecord> rejected() {
            return subtasks.stream().flatMap(join -> join.rejected().stream()).toList();
        }

        long total(Account account) {
            return subtasks.stream().mapToLong(join -> join.trades(account)).sum();
        }

        List<Long> digests(Dimension dimension) {
            return subtasks.stream()
                    .map(join -> join.rows(dimension).digest())
                    .distinct()
                    .toList();
        }

        @Override
        public void close() throws Exception {
            for (JoinHarness join : subtasks) {
                join.close();
            }
        }
    }

    /** Rows and rejected records, and the offsets up to which they were read. */
    private static final class SnapshotSteps implements DimensionSnapshot {
        private final transient List<Step> steps = new ArrayList<>();

        private interface Step {
            void hand(Receiver receiver) throws Exception;
        }

        SnapshotSteps row(int partition, long offset, DimensionUpdate update) {
            steps.add(receiver -> {
                receiver.update(Samples.at(partition, offset, update));
                receiver.readUpTo(update.dimension(), partition, offset + 1);
            });
            return this;
        }

        SnapshotSteps rejected(long id) {
            steps.add(receiver -> receiver.rejected(
                    new RejectedRecord(Samples.userRecord(id, 1, "?"), Reason.MALFORMED, id + " is no row")));
            return this;
        }

        @Override
        public void readAll(Set<Dimension> dimensions, Receiver receiver) throws Exception {
            for (Step step : steps) {
                step.hand(receiver);
            }
        }
    }

    private static final class UnreadableSnapshot implements DimensionSnapshot {
        @Override
        public void readAll(Set<Dimension> dimensions, Receiver receiver) {
            throw new AssertionError("the snapshot is loaded again");
        }
    }
}
