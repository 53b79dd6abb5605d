package io.tradeenrichment.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.Samples;
import io.tradeenrichment.config.MissingRow;
import io.tradeenrichment.model.Account;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.RejectedRecord;
import io.tradeenrichment.model.Trade;
import java.time.Duration;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;

/** Times are in seconds here. The model has validity in microseconds and record timestamps in milliseconds. */
class TradeJoinAsOfTest {
    private static final Duration NO_WAIT = Duration.ZERO;
    private static final Duration WAIT = Duration.ofSeconds(3);

    @Test
    void joinsWithTheVersionsThatWereValidAtTheTradeTime() throws Exception {
        try (JoinHarness join = open(NO_WAIT, MissingRow.DEAD_LETTER)) {
            join.update(stock(10, "OLD"));
            join.update(stock(20, "NEW"));
            join.update(user(5, "u"));
            join.trade(Samples.trade(Samples.tradeRecord(1, 7, 3, 19_999_999, 30_000)));
            join.trade(Samples.trade(Samples.tradeRecord(2, 7, 3, 20_000_000, 30_000)));
            join.trade(Samples.trade(Samples.tradeRecord(3, 7, 3, 99_000_000, 99_000)));
            assertThat(join.enriched()).containsExactly("1:u:OLD", "2:u:NEW", "3:u:NEW");
        }
    }

    @Test
    void findsNoRowBeforeTheFirstVersionOrAfterADeletion() throws Exception {
        try (JoinHarness join = open(NO_WAIT, MissingRow.DEAD_LETTER)) {
            join.update(stock(10, "S"));
            join.update(Samples.deletion(Dimension.INSTRUMENT, 7, 20_000_000));
            join.update(user(5, "u"));
            join.trade(trade(1, 9));
            join.trade(trade(2, 21));
            join.trade(trade(3, 15));
            assertThat(join.enriched()).containsExactly("3:u:S");
            assertThat(join.rejected())
                    .extracting(RejectedRecord::reason)
                    .containsExactly(Reason.MISSING_INSTRUMENT, Reason.MISSING_INSTRUMENT);
        }
    }

    @Test
    void parksATradeUntilTheDimensionsHaveBeenReadUpToItsTimePlusTheWait() throws Exception {
        try (JoinHarness join = open(WAIT, MissingRow.DEAD_LETTER)) {
            join.update(stock(5, "OLD"));
            join.update(user(5, "u"));
            join.dimensionsRead(12_999);
            join.trade(trade(1, 10));
            join.trade(trade(2, 10));
            assertThat(join.trades(Account.PARKED)).isEqualTo(2);
            // Valid before the trade, with a record timestamp after it.
            join.update(Samples.written(13_000, stock(9, "LATE")));
            assertThat(join.enriched()).isEmpty();
            join.dimensionsRead(13_000);
            assertThat(join.enriched()).containsExactly("1:u:LATE", "2:u:LATE");
            assertThat(join.trades(Account.PARKED)).isZero();
            join.trade(trade(3, 10));
            assertThat(join.enriched()).containsExactly("3:u:LATE");
        }
    }

    @Test
    void keepsTheOrderOfAnInstrumentIfALaterTradeHasAnEarlierTime() throws Exception {
        try (JoinHarness join = open(WAIT, MissingRow.DEAD_LETTER)) {
            join.update(stock(5, "S"));
            join.update(user(5, "u"));
            join.dimensionsRead(14_000);
            join.trade(trade(1, 20));
            join.trade(trade(2, 10));
            assertThat(join.enriched()).isEmpty();
            join.dimensionsRead(23_000);
            assertThat(join.enriched()).containsExactly("1:u:S", "2:u:S");
        }
    }

    @Test
    void aTradeTimeInTheFutureDoesNotBlockTheQueue() throws Exception {
        try (JoinHarness join = open(WAIT, MissingRow.DEAD_LETTER)) {
            join.update(stock(5, "S"));
            join.update(user(5, "u"));
            join.trade(Samples.trade(Samples.tradeRecord(1, 7, 3, Long.MAX_VALUE, 10_000)));
            join.dimensionsRead(13_000);
            assertThat(join.enriched()).containsExactly("1:u:S");
        }
    }

    /** The wait for the row starts when the trade is parked. */
    @Test
    void aTradeWaitsForItsRowAfterTheDimensionsHaveBeenRead() throws Exception {
        try (JoinHarness join = open(WAIT, MissingRow.WAIT)) {
            join.update(user(5, "u"));
            join.trade(trade(1, 10));
            join.trade(trade(2, 10));
            join.advanceTo(1_000);
            join.dimensionsRead(13_000);
            assertThat(join.trades(Account.PARKED)).isEqualTo(2);
            join.update(stock(11, "TOO YOUNG"));
            assertThat(join.enriched()).isEmpty();
            join.update(Samples.written(14_000, stock(10, "S")));
            assertThat(join.enriched()).containsExactly("1:u:S", "2:u:S");
            join.trade(Samples.trade(Samples.tradeRecord(3, 8, 3, 10_000_000, 10_000)));
            join.advanceTo(1_000 + JoinHarness.WAIT.toMillis());
            assertThat(join.rejected()).hasSize(1);
        }
    }

    @Test
    void completesParkedTradesWhenTheInputEnds() throws Exception {
        try (JoinHarness join = open(WAIT, MissingRow.WAIT)) {
            join.update(stock(5, "S"));
            join.update(user(5, "u"));
            join.trade(trade(1, 10));
            join.trade(Samples.trade(Samples.tradeRecord(2, 8, 3, 10_000_000, 10_000)));
            join.endInput();
            assertThat(join.enriched()).containsExactly("1:u:S");
            assertThat(join.rejected()).hasSize(1);
        }
    }

    @Test
    void aRestoredTradeWaitsForTheDimensionsToBeRead() throws Exception {
        OperatorSubtaskState state;
        try (JoinHarness join = open(WAIT, MissingRow.DEAD_LETTER)) {
            join.update(stock(5, "OLD"));
            join.update(user(5, "u"));
            join.dimensionsRead(12_000);
            join.trade(trade(1, 10));
            state = join.snapshot();
        }
        try (JoinHarness join = JoinHarness.with(JoinHarness.asOf(WAIT, MissingRow.DEAD_LETTER))
                .dimensions(JoinHarness.TIMELINES)
                .restore(1, state)
                .open()) {
            assertThat(join.enriched()).isEmpty();
            join.dimensionsRead(12_500);
            join.update(Samples.written(12_800, stock(9, "LATE")));
            join.dimensionsRead(13_000);
            assertThat(join.enriched()).containsExactly("1:u:LATE");
        }
    }

    @Test
    void countsLateVersionsAndTheTradesThatTheyWouldHaveChanged() throws Exception {
        try (JoinHarness join = open(NO_WAIT, MissingRow.DEAD_LETTER)) {
            join.update(stock(5, "S"));
            join.update(stock(20, "NEXT"));
            join.update(user(5, "u"));
            assertThat(join.late().versions()).isZero();
            for (long time = 8; time < 24; time++) {
                join.trade(trade(time, time));
                join.trade(Samples.trade(Samples.tradeRecord(100 + time, 7, 4, time * 1_000_000, 0)));
            }
            // User 4 is missing, so only trades of user 3 are enriched: those of the seconds 10 to 19.
            join.update(Samples.written(30_000, stock(10, "LATE")));
            assertThat(join.late().versions()).isOne();
            assertThat(join.late().changed()).isEqualTo(10);
            join.update(Samples.written(30_000, user(22, "v")));
            assertThat(join.late().versions()).isEqualTo(2);
            assertThat(join.late().changed()).isEqualTo(12);
            join.update(stock(40, "IN TIME"));
            assertThat(join.late().versions()).isEqualTo(2);
            assertThat(join.late().changed()).isEqualTo(12);
        }
    }

    @Test
    void countsOnlyTheLatestTrades() throws Exception {
        try (JoinHarness join = open(NO_WAIT, MissingRow.DEAD_LETTER)) {
            join.update(stock(5, "S"));
            join.update(user(5, "u"));
            for (long id = 0; id < LateVersions.TRADES + 10; id++) {
                join.trade(trade(id, id < 20 ? 10 : 30));
            }
            join.update(Samples.written(50_000, stock(6, "LATE")));
            assertThat(join.late().changed()).isEqualTo(LateVersions.TRADES);
        }
    }

    private static JoinHarness open(Duration wait, MissingRow missing) throws Exception {
        return JoinHarness.with(JoinHarness.asOf(wait, missing))
                .dimensions(JoinHarness.TIMELINES)
                .open();
    }

    private static Trade trade(long id, long time) {
        return Samples.trade(Samples.tradeRecord(id, 7, 3, time * 1_000_000, time * 1_000));
    }

    /** Its record timestamp is its valid_from. */
    private static DimensionUpdate stock(long validFrom, String ticker) {
        return Samples.stock(7, validFrom * 1_000_000, ticker);
    }

    private static DimensionUpdate user(long validFrom, String name) {
        return Samples.user(3, validFrom * 1_000_000, name);
    }
}
