package io.tradeenrichment.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.Samples;
import io.tradeenrichment.codec.TradeReader;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.KeyBy;
import io.tradeenrichment.config.MissingRow;
import io.tradeenrichment.model.Account;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.model.Trade;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The definition of a duplicate in docs/duplicates.md. */
class DuplicatesTest {
    private static final Duration RETENTION = JoinHarness.WAITING.dedupRetention();
    private static final long WAIT_MILLIS = JoinHarness.WAIT.toMillis();

    @Test
    void aRepeatIsADuplicateUpToTheRetentionAndNewAQuarterLater() throws Exception {
        for (long first : new long[] {0, 1, 899_999, 900_000, 10_000_000}) {
            try (JoinHarness join =
                    withRows(JoinHarness.with(JoinHarness.WAITING).at(first))) {
                join.trade(1, 7, 3);
                join.advanceTo(first + RETENTION.toMillis());
                join.trade(1, 7, 3);
                assertThat(join.enriched()).containsExactly("1:u:SPY");
                assertThat(join.trades(Account.DUPLICATES)).isOne();
                join.advanceTo(first + RETENTION.toMillis() * 5 / 4);
                join.trade(1, 7, 3);
                assertThat(join.enriched()).containsExactly("1:u:SPY");
                assertThat(join.trades(Account.DUPLICATES)).isOne();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRepeatAfterAnOutageShorterThanTheRetentionIsADuplicate(TradeJoinRestartTest.Backend backend)
            throws Exception {
        try (JoinHarness join = afterOutage(backend, RETENTION.toMillis())) {
            join.trade(1, 7, 3);
            assertThat(join.enriched()).isEmpty();
            assertThat(join.trades(Account.DUPLICATES)).isOne();
        }
    }

    /** Ids expire by processing time, which advances while the job is down. */
    @ParameterizedTest
    @EnumSource
    void aRepeatAfterAnOutageLongerThanTheRetentionIsNew(TradeJoinRestartTest.Backend backend) throws Exception {
        try (JoinHarness join = afterOutage(backend, RETENTION.toMillis() * 5 / 4)) {
            join.trade(1, 7, 3);
            assertThat(join.enriched()).containsExactly("1:u:SPY");
            join.trade(1, 7, 3);
            assertThat(join.trades(Account.DUPLICATES)).isOne();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRepeatIsADuplicateAcrossRescalesFromTwoToThreeToOne(TradeJoinRestartTest.Backend backend) throws Exception {
        int trades = 600;
        List<OperatorSubtaskState> states = List.of();
        int from = 0;
        for (int parallelism : new int[] {2, 3, 1}) {
            List<JoinHarness> subtasks = new ArrayList<>();
            for (int subtask = 0; subtask < parallelism; subtask++) {
                var setup = JoinHarness.with(JoinHarness.WAITING)
                        .backend(backend.make())
                        .subtask(subtask, parallelism);
                if (!states.isEmpty()) {
                    setup.restore(states.size(), states.toArray(OperatorSubtaskState[]::new));
                }
                subtasks.add(setup.open());
            }
            long before = sum(subtasks, Account.DUPLICATES);
            for (int id = 0; id < from + trades; id++) {
                long instrument = id % 50;
                subtasks.get(KeyGroupRangeAssignment.assignKeyToParallelOperator(
                                instrument, JoinHarness.MAX_PARALLELISM, parallelism))
                        .trade(id, instrument, 3);
            }
            assertThat(sum(subtasks, Account.DUPLICATES) - before).isEqualTo(from);
            assertThat(sum(subtasks, Account.PARKED)).isEqualTo(from + trades);
            from += trades;
            states = new ArrayList<>();
            for (JoinHarness join : subtasks) {
                states.add(join.snapshot());
                join.close();
            }
        }
    }

    @Test
    void theSameIdOfAnotherInstrumentIsNewIfTradesAreKeyedByInstrument() throws Exception {
        try (JoinHarness join = withRows(JoinHarness.with(JoinHarness.WAITING))) {
            join.trade(1, 7, 3);
            join.trade(1, 8, 3);
            assertThat(join.enriched()).containsExactly("1:u:SPY", "1:u:QQQ");
            assertThat(join.trades(Account.DUPLICATES)).isZero();
        }
    }

    @Test
    void theSameIdOfAnotherInstrumentIsADuplicateIfTradesAreKeyedByTradeId() throws Exception {
        try (JoinHarness join = withRows(JoinHarness.with(deduplicating(KeyBy.TRADE_ID, RETENTION)))) {
            join.trade(1, 7, 3);
            join.trade(1, 8, 3);
            assertThat(join.enriched()).containsExactly("1:u:SPY");
            assertThat(join.trades(Account.DUPLICATES)).isOne();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRepeatOfAParkedTradeIsADuplicateBeforeAndAfterItsRelease(TradeJoinRestartTest.Backend backend)
            throws Exception {
        OperatorSubtaskState state;
        try (JoinHarness join =
                JoinHarness.with(JoinHarness.WAITING).backend(backend.make()).open()) {
            join.stock(7, 1, "SPY");
            join.trade(1, 7, 3);
            join.trade(1, 7, 3);
            state = join.snapshot();
        }
        try (JoinHarness join = JoinHarness.with(JoinHarness.WAITING)
                .backend(backend.make())
                .restore(1, state)
                .open()) {
            join.trade(1, 7, 3);
            join.user(3, 1, "u");
            join.trade(1, 7, 3);
            assertThat(join.enriched()).containsExactly("1:u:SPY");
            assertThat(join.trades(Account.DUPLICATES)).isEqualTo(3);
            assertThat(join.trades(Account.PARKED)).isZero();
        }
    }

    @Test
    void aCorrectedDeadLetterIsNewAndItsRepeatIsADuplicate() throws Exception {
        try (JoinHarness join = withRows(JoinHarness.with(
                JoinHarness.config(MissingRow.WAIT, MissingRow.DEAD_LETTER, MissingRow.DEAD_LETTER)))) {
            join.trade(1, 7, 99);
            assertThat(join.rejected()).hasSize(1);
            join.trade(1, 7, 3);
            assertThat(join.enriched()).containsExactly("1:u:SPY");
            join.trade(1, 7, 3);
            assertThat(join.trades(Account.DUPLICATES)).isOne();
            assertThat(join.trades(Account.DEAD_LETTERED)).isOne();
        }
    }

    /** A checkpoint does not restore a removed id. */
    @ParameterizedTest
    @EnumSource
    void acceptsATradeAgainAfterItsWaitTimedOutAndARestart(TradeJoinRestartTest.Backend backend) throws Exception {
        OperatorSubtaskState state;
        try (JoinHarness join =
                JoinHarness.with(JoinHarness.WAITING).backend(backend.make()).open()) {
            join.stock(7, 1, "SPY");
            join.trade(1, 7, 3);
            join.snapshot();
            join.advanceTo(WAIT_MILLIS);
            assertThat(join.rejected()).hasSize(1);
            state = join.snapshot();
        }
        try (JoinHarness join = JoinHarness.with(JoinHarness.WAITING)
                .backend(backend.make())
                .restore(1, state)
                .at(WAIT_MILLIS)
                .open()) {
            join.user(3, 1, "u");
            join.trade(1, 7, 3);
            assertThat(join.enriched()).containsExactly("1:u:SPY");
            assertThat(join.trades(Account.DUPLICATES)).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, 0, Long.MAX_VALUE})
    void anExtremeTradeTimeEvictsNoIdAndIsKeptLikeAnyOther(long extreme) throws Exception {
        try (JoinHarness join = withRows(JoinHarness.with(JoinHarness.WAITING).at(10_000_000))) {
            for (long id = 1; id <= 300; id++) {
                join.trade(id, 7, 3);
            }
            join.trade(tradeAt(1000, extreme));
            join.trade(tradeAt(1000, 0));
            for (long id = 1; id <= 300; id++) {
                join.trade(id, 7, 3);
            }
            assertThat(join.trades(Account.ENRICHED)).isEqualTo(301);
            assertThat(join.trades(Account.DUPLICATES)).isEqualTo(301);
        }
    }

    @Test
    void everyTradeIsNewIfTheRetentionIsZero() throws Exception {
        var noDedup = deduplicating(KeyBy.INSTRUMENT_ID, Duration.ZERO);
        try (JoinHarness join = withRows(JoinHarness.with(noDedup))) {
            join.trade(1, 7, 3);
            join.trade(1, 7, 3);
            assertThat(join.enriched()).hasSize(2);
            join.snapshot();
        }
    }

    private static JoinHarness withRows(JoinHarness.Setup setup) throws Exception {
        JoinHarness join = setup.open();
        join.stock(7, 1, "SPY");
        join.stock(8, 1, "QQQ");
        join.user(3, 1, "u");
        return join;
    }

    private static JobConfig.Join deduplicating(KeyBy keyBy, Duration retention) {
        JobConfig.Join waiting = JoinHarness.WAITING;
        return new JobConfig.Join(
                waiting.missing(),
                waiting.waitTimeout(),
                waiting.waitThen(),
                keyBy,
                retention,
                waiting.time(),
                waiting.asOfWait());
    }

    /** Trade 1 of instrument 7 was enriched at time 0. The job restarts at the given time. */
    private static JoinHarness afterOutage(TradeJoinRestartTest.Backend backend, long millis) throws Exception {
        OperatorSubtaskState state;
        try (JoinHarness join = withRows(JoinHarness.with(JoinHarness.WAITING).backend(backend.make()))) {
            join.trade(1, 7, 3);
            state = join.snapshot();
        }
        return JoinHarness.with(JoinHarness.WAITING)
                .backend(backend.make())
                .restore(1, state)
                .at(millis)
                .open();
    }

    private static long sum(List<JoinHarness> subtasks, Account account) {
        return subtasks.stream().mapToLong(join -> join.trades(account)).sum();
    }

    private static Trade tradeAt(long tradeId, long tradeTimeMicros) throws Exception {
        DatumBuffer datum = new DatumBuffer()
                .writeLong(tradeId)
                .writeLong(7)
                .writeLong(3)
                .writeLong(tradeTimeMicros)
                .writeDecimal(100_000_000)
                .writeLong(10)
                .writeInt(0);
        byte[] value = Samples.framed(Schemas.TRADE, datum);
        var record = new SourceRecord(Feed.TRADES, 0, tradeId, 0, DatumBuffer.key(7), value, List.of());
        return new TradeReader(JobSchemas.bundled().trade()).read(record, value, Framing.SINGLE_OBJECT.length());
    }
}
