package io.tradeenrichment.codec.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tradeenrichment.codec.OccSymbol;
import io.tradeenrichment.model.Reason;
import org.junit.jupiter.api.Test;

class DecodeExceptionTest {
    @Test
    void keepsASentenceAsItIs() {
        DecodeException refusal = new DecodeException(Reason.MALFORMED, "ticker \"ブリッジ\" is wrong");
        assertThat(refusal.sentence()).isEqualTo("ticker \"ブリッジ\" is wrong");
        assertThat(refusal.reason()).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void citesNothingThatBreaksALine() {
        assertThat(new DecodeException(Reason.MALFORMED, "a\nb\r\tc\u001b[2J\u0085\u2028d\0").sentence())
                .isEqualTo("a?b??c?[2J??d?");
    }

    @Test
    void citesALongTickerOnlyInPart() {
        DecodeException refusal = catchThrowableOfType(
                DecodeException.class, () -> OccSymbol.compact("x".repeat(1_000_000), 20_000, true, 1));
        assertThat(refusal.sentence())
                .hasSize(400)
                .startsWith("an option's ticker must be")
                .endsWith("x…");
        assertThat(new DecodeException(Reason.MALFORMED, "y".repeat(399)).sentence())
                .isEqualTo("y".repeat(399));
    }

    @Test
    void carriesNoStackTraceSinceBadBytesMayBeMany() {
        assertThat(new DecodeException(Reason.MALFORMED, "bad").getStackTrace()).isEmpty();
    }
}
