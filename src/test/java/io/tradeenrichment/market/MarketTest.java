package io.tradeenrichment.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.LocalDate;
import org.junit.jupiter.api.Test;

class MarketTest {
    private static final long DAY = LocalDate.of(2026, 11, 22).toEpochDay();

    @Test
    void namesTheParameterThatIsOutOfRange() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Market(1, DAY, 0, 1, 1, 0, 0, 0))
                .withMessage("trades must be from 1 to 1000000000000, but is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Market(1, DAY, 1, 0, 1, 0, 0, 0))
                .withMessageContaining("instruments");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Market(1, DAY, 1, 1, -1, 0, 0, 0))
                .withMessageContaining("users");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Market(1, 0, 1, 1, 1, 0, 0, 0))
                .withMessageContaining("epochDay");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Market(1, DAY, 1, 1, 1, Double.NaN, 0, 0))
                .withMessage("lateShare must be from 0 to 1, but is NaN");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Market(1, DAY, 1, 1, 1, 0, 1.5, 0))
                .withMessageContaining("duplicateShare");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Market(1, DAY, 1, 1, 1, 0, 0, -0.1))
                .withMessageContaining("malformedShare");
    }

    @Test
    void limitsTheShareOfDuplicatesAndMalformedTrades() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Market(1, DAY, 1, 1, 1, 0, 0.5, 0.5))
                .withMessageContaining("must be at most 0.9 together");
        assertThat(new Market(1, DAY, 1, 1, 1, 0, 0.5, 0.4).malformedShare()).isEqualTo(0.4);
    }
}
