package io.tradeenrichment.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.Samples;
import io.tradeenrichment.config.KeyBy;
import io.tradeenrichment.config.MissingRow;
import io.tradeenrichment.model.Account;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.ReadProgress;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.RejectedRecord;
import org.junit.jupiter.api.Test;

class TradeJoinTest {
    private static final long WAIT_MILLIS = JoinHarness.WAIT.toMillis();

    @Test
    void enrichesATradeWhoseRowsArePresent() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            join.stock(7, 1, "SPY");
            join.user(3, 1, "DiamondHands");
            join.trade(1, 7, 3);
            assertThat(join.enriched()).containsExactly("1:DiamondHands:SPY");
            assertThat(join.trades(Account.ENRICHED)).isOne();
            assertThat(join.trades(Account.PARKED)).isZero();
        }
    }

    @Test
    void joinsWithTheLastRecordWhateverItsValidFrom() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            join.user(3, 20, "first");
            join.user(3, 10, "last");
            join.stock(7, 10, "FIRST");
            join.stock(7, 20, "LAST");
            join.trade(1, 7, 3);
            assertThat(join.enriched()).containsExactly("1:last:LAST");
        }
    }

    @Test
    void dropsARepeatedTradeUntilItsIdExpires() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            join.stock(7, 1, "SPY");
            join.user(3, 1, "u");
            join.trade(1, 7, 3);
            join.advanceTo(3_600_000);
            join.trade(1, 7, 3);
            assertThat(join.enriched()).containsExactly("1:u:SPY");
            assertThat(join.trades(Account.DUPLICATES)).isOne();
            join.advanceTo(4_500_000);
            join.trade(1, 7, 3);
            assertThat(join.enriched()).containsExactly("1:u:SPY");
        }
    }

    @Test
    void releasesWaitingTradesInOrderWhenTheInstrumentArrives() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            join.user(3, 1, "u");
            join.trade(5, 7, 3);
            join.trade(2, 7, 3);
            join.trade(9, 7, 3);
            assertThat(join.enriched()).isEmpty();
            assertThat(join.trades(Account.PARKED)).isEqualTo(3);
            join.stock(7, 1, "SPY");
            assertThat(join.enriched()).containsExactly("5:u:SPY", "2:u:SPY", "9:u:SPY");
            assertThat(join.trades(Account.PARKED)).isZero();
            assertThat(join.trades(Account.ENRICHED)).isEqualTo(3);
        }
    }

    /** A producer would refuse the record, and the job would fail again after each restart. */
    @Test
    void rejectsATradeThatIsTooLongOnceEnriched() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            join.user(3, 1, "u");
            join.trade(1, 7, 3);
            join.stock(7, 1, "X".repeat(JoinHarness.MAX_ENRICHED_SIZE));
            join.trade(2, 7, 3);
            assertThat(join.enriched()).isEmpty();
            assertThat(join.rejected()).hasSize(2).allSatisfy(letter -> {
                assertThat(letter.reason()).isEqualTo(Reason.ENRICHED_TOO_LARGE);
                assertThat(letter.message()).contains("more than wire.enriched.max-size");
            });
            assertThat(join.trades(Account.DEAD_LETTERED)).isEqualTo(2);
            assertThat(join.trades(Account.PARKED)).isZero();
            // Its id is not kept, so that it can be sent again with a shorter row.
            join.stock(7, 2, "SPY");
            join.trade(2, 7, 3);
            assertThat(join.enriched()).containsExactly("2:u:SPY");
        }
    }

    @Test
    void parksATradeBehindAnEarlierParkedTradeOfItsInstrument() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            join.stock(7, 1, "SPY");
            join.user(4, 1, "known");
            join.trade(1, 7, 3);
            join.trade(2, 7, 4);
            assertThat(join.enriched()).isEmpty();
            join.user(3, 1, "late");
            assertThat(join.enriched()).containsExactly("1:late:SPY", "2:known:SPY");
        }
    }

    @Test
    void aParkedTradeBlocksOnlyItsUserIfKeyedByInstrumentAndUser() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.keyedBy(KeyBy.INSTRUMENT_AND_USER))) {
            join.stock(8, 1, "QQQ");
            join.user(3, 1, "u");
            join.user(4, 1, "v");
            join.trade(1, 7, 3);
            join.trade(2, 7, 3);
            join.trade(3, 8, 3);
            join.trade(4, 7, 4);
            assertThat(join.enriched()).containsExactly("3:u:QQQ");
            join.stock(7, 1, "SPY");
            assertThat(join.enriched())
                    .containsExactlyInAnyOrder("1:u:SPY", "2:u:SPY", "4:v:SPY")
                    .containsSubsequence("1:u:SPY", "2:u:SPY");
            join.trade(5, 7, 5);
            join.trade(6, 7, 3);
            assertThat(join.enriched()).containsExactly("6:u:SPY");
        }
    }

    @Test
    void aParkedTradeDoesNotBlockAnotherInstrument() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            join.stock(7, 1, "SPY");
            join.stock(8, 1, "QQQ");
            join.user(4, 1, "known");
            join.trade(1, 7, 3);
            join.trade(2, 8, 4);
            assertThat(join.enriched()).containsExactly("2:known:QQQ");
        }
    }

    @Test
    void waitsForBothRowsInAnyOrder() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            join.trade(1, 7, 3);
            join.trade(2, 8, 3);
            join.user(3, 1, "u");
            join.stock(7, 1, "SPY");
            assertThat(join.enriched()).containsExactly("1:u:SPY");
            join.stock(8, 1, "QQQ");
            assertThat(join.enriched()).containsExactly("2:u:QQQ");
        }
    }

    @Test
    void oneUserReleasesTradesOfManyInstruments() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            for (int instrument = 1; instrument <= 50; instrument++) {
                join.stock(instrument, 1, "S" + instrument);
                join.trade(instrument, instrument, 3);
            }
            join.user(3, 1, "u");
            assertThat(join.enriched()).hasSize(50);
            assertThat(join.trades(Account.PARKED)).isZero();
        }
    }

    @Test
    void rejectsATradeWithItsBytesWhenItsWaitIsOver() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            join.stock(7, 1, "SPY");
            join.trade(1, 7, 3);
            join.advanceTo(WAIT_MILLIS - 1);
            assertThat(join.rejected()).isEmpty();
            join.advanceTo(WAIT_MILLIS);
            assertThat(join.rejected()).singleElement().satisfies(letter -> {
                assertThat(letter.reason()).isEqualTo(Reason.MISSING_USER);
                assertThat(letter.message()).isEqualTo("trade 1 found no user 3 within join.wait.timeout");
                assertThat(letter.source().value())
                        .isEqualTo(Samples.tradeRecord(1, 7, 3).value());
                assertThat(letter.source().key())
                        .isEqualTo(Samples.tradeRecord(1, 7, 3).key());
            });
            assertThat(join.trades(Account.DEAD_LETTERED)).isOne();
            assertThat(join.trades(Account.PARKED)).isZero();
        }
    }

    @Test
    void emitsATradeWithNullColumnsAfterItsWaitIfThenIsPartial() throws Exception {
        try (JoinHarness join =
                JoinHarness.open(JoinHarness.config(MissingRow.WAIT, MissingRow.WAIT, MissingRow.PARTIAL))) {
            join.stock(7, 1, "SPY");
            join.trade(1, 7, 3);
            join.advanceTo(WAIT_MILLIS);
            assertThat(join.enriched()).containsExactly("1:null:SPY");
        }
    }

    @Test
    void dropsATradeAfterItsWaitIfThenIsDrop() throws Exception {
        try (JoinHarness join =
                JoinHarness.open(JoinHarness.config(MissingRow.WAIT, MissingRow.WAIT, MissingRow.DROP))) {
            join.trade(1, 7, 3);
            join.advanceTo(WAIT_MILLIS);
            assertThat(join.trades(Account.DROPPED)).isOne();
            assertThat(join.enriched()).isEmpty();
            assertThat(join.rejected()).isEmpty();
        }
    }

    @Test
    void reevaluatesTheTradesBehindATradeWhoseWaitIsOver() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            join.stock(7, 1, "SPY");
            join.user(4, 1, "known");
            join.trade(1, 7, 3);
            join.advanceTo(10);
            join.trade(2, 7, 4);
            join.trade(3, 7, 5);
            join.advanceTo(WAIT_MILLIS);
            assertThat(join.enriched()).containsExactly("2:known:SPY");
            assertThat(join.rejected())
                    .extracting(RejectedRecord::message)
                    .containsExactly("trade 1 found no user 3 within join.wait.timeout");
            join.advanceTo(WAIT_MILLIS + 100);
            assertThat(join.rejected()).hasSize(2);
            assertThat(join.trades(Account.PARKED)).isZero();
        }
    }

    @Test
    void emitsATradeWithNullColumnsAtOnceIfPartial() throws Exception {
        try (JoinHarness join =
                JoinHarness.open(JoinHarness.config(MissingRow.PARTIAL, MissingRow.PARTIAL, MissingRow.DEAD_LETTER))) {
            join.trade(1, 7, 3);
            assertThat(join.enriched()).containsExactly("1:null:null");
            assertThat(join.trades(Account.ENRICHED)).isOne();
        }
    }

    @Test
    void rejectsOrDropsATradeAtOnceIfDeadLetterOrDrop() throws Exception {
        try (JoinHarness join =
                JoinHarness.open(JoinHarness.config(MissingRow.DEAD_LETTER, MissingRow.DROP, MissingRow.DEAD_LETTER))) {
            join.user(3, 1, "u");
            join.stock(7, 1, "SPY");
            join.trade(1, 99, 3);
            join.trade(2, 7, 99);
            join.trade(3, 99, 99);
            assertThat(join.rejected())
                    .extracting(RejectedRecord::message)
                    .containsExactly("trade 1 found no instrument 99", "trade 3 found no instrument 99");
            assertThat(join.trades(Account.DROPPED)).isOne();
            assertThat(join.trades(Account.DEAD_LETTERED)).isEqualTo(2);
        }
    }

    @Test
    void appliesThePolicyOfEachDimension() throws Exception {
        try (JoinHarness join =
                JoinHarness.open(JoinHarness.config(MissingRow.WAIT, MissingRow.PARTIAL, MissingRow.DEAD_LETTER))) {
            join.trade(1, 7, 3);
            assertThat(join.enriched()).isEmpty();
            join.stock(7, 1, "SPY");
            assertThat(join.enriched()).containsExactly("1:null:SPY");
        }
    }

    @Test
    void aTradeWithNullColumnsDoesNotOvertakeAParkedTrade() throws Exception {
        try (JoinHarness join =
                JoinHarness.open(JoinHarness.config(MissingRow.PARTIAL, MissingRow.WAIT, MissingRow.DEAD_LETTER))) {
            join.user(4, 1, "known");
            join.trade(1, 7, 3);
            join.trade(2, 7, 4);
            assertThat(join.enriched()).isEmpty();
            join.user(3, 1, "late");
            assertThat(join.enriched()).containsExactly("1:late:null", "2:known:null");
        }
    }

    @Test
    void aRepeatOfAParkedTradeIsADuplicate() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            join.trade(1, 7, 3);
            join.trade(1, 7, 3);
            assertThat(join.trades(Account.PARKED)).isOne();
            assertThat(join.trades(Account.DUPLICATES)).isOne();
        }
    }

    @Test
    void acceptsADeadLetteredTradeAgain() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            join.stock(7, 1, "SPY");
            join.trade(1, 7, 3);
            join.advanceTo(WAIT_MILLIS);
            assertThat(join.rejected()).hasSize(1);
            join.user(3, 1, "u");
            join.trade(1, 7, 3);
            assertThat(join.enriched()).containsExactly("1:u:SPY");
            assertThat(join.trades(Account.DUPLICATES)).isZero();
        }
    }

    @Test
    void aDeletedRowIsMissing() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            join.stock(7, 10, "SPY");
            join.user(3, 10_000, "u");
            join.update(Samples.deletion(Dimension.USER, 3, 20_000));
            join.trade(1, 7, 3);
            assertThat(join.enriched()).isEmpty();
            join.update(Samples.at(1, 0, Samples.user(3, 10_000, "older, in another partition")));
            assertThat(join.enriched()).isEmpty();
            join.user(3, 30_000, "inserted again");
            assertThat(join.enriched()).containsExactly("1:inserted again:SPY");
        }
    }

    @Test
    void completesParkedTradesWhenTheInputEnds() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            join.stock(7, 1, "SPY");
            join.user(4, 1, "known");
            join.trade(1, 7, 3);
            join.trade(2, 7, 4);
            join.endInput();
            assertThat(join.enriched()).containsExactly("2:known:SPY");
            assertThat(join.rejected())
                    .extracting(RejectedRecord::message)
                    .containsExactly("trade 1 found no user 3 before the input ended");
            assertThat(join.trades(Account.PARKED)).isZero();
        }
    }

    /** As when a broker is down for longer than the wait, or a registry does not respond. */
    @Test
    void theWaitClockRunsOnlyWhileTheDimensionsAreReadUpToTheirEnds() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            join.stock(7, 1, "SPY");
            join.trade(1, 7, 3);
            join.trade(2, 7, 4);
            join.advanceTo(10_000);
            join.advanceUnreadTo(10_000 + 10 * WAIT_MILLIS);
            assertThat(join.rejected()).isEmpty();
            // They were read up to their ends again, so the records from before the outage have arrived.
            join.user(3, 1, "written before");
            join.caughtUp(10_000 + 10 * WAIT_MILLIS);
            join.advanceUnreadTo(10_000 + 10 * WAIT_MILLIS + 6_000);
            assertThat(join.enriched()).containsExactly("1:written before:SPY");
            assertThat(join.rejected()).isEmpty();
            join.advanceTo(10_000 + 10 * WAIT_MILLIS + 45_000);
            assertThat(join.rejected()).as("waited for 10 s and 39 s").isEmpty();
            join.user(4, 1, "written after");
            assertThat(join.enriched()).containsExactly("2:written after:SPY");
        }
    }

    @Test
    void anInterruptedWaitEndsAfterItsTotalTime() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            join.stock(7, 1, "SPY");
            join.trade(1, 7, 3);
            join.advanceTo(50_000);
            long back = 50_000 + 5 * WAIT_MILLIS;
            join.advanceUnreadTo(back);
            join.advanceTo(back + 8_000);
            assertThat(join.rejected()).isEmpty();
            // The gap itself counts as one second. A queue is re-evaluated every five seconds while the clock is
            // stopped.
            join.advanceTo(back + 15_000);
            assertThat(join.rejected()).hasSize(1);
            assertThat(join.trades(Account.PARKED)).isZero();
        }
    }

    /** A trade without its user waits on while the instruments feed is blocked: one clock limits all waits. */
    @Test
    void theWaitClockStopsIfOneDimensionIsNotReadUpToItsEnd() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            join.stock(7, 1, "SPY");
            join.trade(1, 7, 3);
            for (long time = 1_000; time <= 3 * WAIT_MILLIS; time += 1_000) {
                join.progress(new ReadProgress(Dimension.USER, ReadProgress.NEVER, time));
                join.advanceUnreadTo(time);
            }
            assertThat(join.rejected()).isEmpty();
        }
    }

    @Test
    void anEarlierTombstoneReleasesTradesThatWaitForTheRowOfAnotherPartition() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            join.stock(7, 1, "SPY");
            join.update(Samples.at(1, 5, Samples.written(70, Samples.user(3, 1, "moved here"))));
            join.update(Samples.at(0, 6, Samples.deletion(Dimension.USER, 3, 100_000)));
            join.trade(1, 7, 3);
            assertThat(join.enriched()).isEmpty();
            // The last record of partition 0 is now older than that of partition 1.
            join.update(Samples.at(0, 7, Samples.deletion(Dimension.USER, 3, 50_000)));
            assertThat(join.enriched()).containsExactly("1:moved here:SPY");
        }
    }

    @Test
    void keepsNoTimersWhenNoTradeIsParked() throws Exception {
        try (JoinHarness join = JoinHarness.open(JoinHarness.WAITING)) {
            join.stock(7, 1, "SPY");
            join.trade(1, 7, 3);
            join.user(3, 1, "u");
            assertThat(join.enriched()).hasSize(1);
            join.advanceTo(WAIT_MILLIS);
            assertThat(join.timers()).isZero();
        }
    }
}
