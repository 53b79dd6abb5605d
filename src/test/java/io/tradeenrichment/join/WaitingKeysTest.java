package io.tradeenrichment.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.join.WaitCondition.Row;
import io.tradeenrichment.model.Dimension;
import org.junit.jupiter.api.Test;

class WaitingKeysTest {
    private static final Row INSTRUMENT_3 = new Row(Dimension.INSTRUMENT, 3, null);
    private static final Row USER_3 = new Row(Dimension.USER, 3, null);
    private final WaitingKeys waiting = new WaitingKeys();

    @Test
    void findsTheKeysOfARowInTheOrderInWhichTheyWereAdded() {
        waiting.put(9L, USER_3);
        waiting.put(1L, USER_3);
        waiting.put(5L, USER_3);
        waiting.put(9L, USER_3);
        assertThat(waiting.waitingFor(Dimension.USER, 3, null)).containsExactly(9L, 1L, 5L);
    }

    @Test
    void aUserAndAnInstrumentWithTheSameIdAreDifferentRows() {
        waiting.put(1L, USER_3);
        waiting.put(2L, INSTRUMENT_3);
        assertThat(waiting.waitingFor(Dimension.USER, 3, null)).containsExactly(1L);
        assertThat(waiting.waitingFor(Dimension.INSTRUMENT, 3, null)).containsExactly(2L);
    }

    @Test
    void aKeyWaitsForOneRowAtATime() {
        waiting.put(1L, USER_3);
        waiting.put(1L, INSTRUMENT_3);
        assertThat(waiting.waitingFor(Dimension.USER, 3, null)).isEmpty();
        assertThat(waiting.waitingFor(Dimension.INSTRUMENT, 3, null)).containsExactly(1L);
        assertThat(waiting.size()).isOne();
    }

    @Test
    void aRestoredKeyWaitsForNoRowUntilItIsEvaluated() {
        waiting.put(1L);
        assertThat(waiting.contains(1L)).isTrue();
        assertThat(waiting.waitingFor(Dimension.USER, 3, null)).isEmpty();
        waiting.put(1L, USER_3);
        assertThat(waiting.waitingFor(Dimension.USER, 3, null)).containsExactly(1L);
    }

    @Test
    void removesAKey() {
        waiting.put(1L, USER_3);
        waiting.put(2L);
        waiting.remove(1L);
        waiting.remove(2L);
        waiting.remove(3L);
        assertThat(waiting.isEmpty()).isTrue();
        assertThat(waiting.waitingFor(Dimension.USER, 3, null)).isEmpty();
    }

    @Test
    void keysCanBeRemovedWhileTheKeysOfARowAreIterated() {
        waiting.put(1L, USER_3);
        waiting.put(2L, USER_3);
        waiting.put(3L, USER_3);
        waiting.waitingFor(Dimension.USER, 3, null).forEach(waiting::remove);
        assertThat(waiting.isEmpty()).isTrue();
    }
}
