package io.tradeenrichment.codec.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tradeenrichment.codec.OccSymbol;
import io.tradeenrichment.model.Reason;
import org.junit.jupiter.api.Test;

class DecodeExceptionTest {
    @Test
    void keepsAPlainMessage() {
        DecodeException failure = new DecodeException(Reason.MALFORMED, "ticker \"ブリッジ\" is wrong");
        assertThat(failure.sentence()).isEqualTo("ticker \"ブリッジ\" is wrong");
        assertThat(failure.reason()).isEqualTo(Reason.MALFORMED);
    }

    @Test
    void replacesControlCharacters() {
        assertThat(new DecodeException(Reason.MALFORMED, "a\nb\r\tc\u001b[2J\u0085\u2028d\0").sentence())
                .isEqualTo("a?b??c?[2J??d?");
    }

    @Test
    void truncatesALongMessage() {
        DecodeException failure = catchThrowableOfType(
                DecodeException.class, () -> OccSymbol.compact("x".repeat(1_000_000), 20_000, true, 1));
        assertThat(failure.sentence())
                .hasSize(400)
                .startsWith("an option's ticker must be")
                .endsWith("x…");
        assertThat(new DecodeException(Reason.MALFORMED, "y".repeat(399)).sentence())
                .isEqualTo("y".repeat(399));
    }

    @Test
    void hasNoStackTrace() {
        assertThat(new DecodeException(Reason.MALFORMED, "bad").getStackTrace()).isEmpty();
    }
}
