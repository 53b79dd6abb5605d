package io.tradeenrichment.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.model.Reason;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OccSymbolTest {
    private static final Pattern COMPACT = Pattern.compile("([A-Z0-9]{1,6})(\\d{6})([CP])(\\d{5})(\\d{3})");
    private static final Pattern PADDED = Pattern.compile("(?=.{21}$)([A-Z0-9]{1,6}) *(\\d{6}[CP]\\d{8})");
    private static final LocalDate FIRST = LocalDate.of(2000, 1, 1);
    private static final LocalDate LAST = LocalDate.of(2099, 12, 31);
    private static final long EXPIRY = LocalDate.of(2024, 11, 3).toEpochDay();

    private final RandomRecords random = new RandomRecords(4);

    @ParameterizedTest
    @CsvSource({
        "SPY,    2024-11-03, true,  200.000,   SPY241103C00200000,    'SPY   241103C00200000'",
        "SPY,    2027-11-19, true,  200,       SPY271119C00200000,    'SPY   271119C00200000'",
        "SPX,    2014-11-22, false, 19.5,      SPX141122P00019500,    'SPX   141122P00019500'",
        "LAMR,   2015-01-17, true,  52.5,      LAMR150117C00052500,   'LAMR  150117C00052500'",
        "F,      2000-01-01, false, 0.001,     F000101P00000001,      'F     000101P00000001'",
        "BRKB77, 2099-12-31, true,  99999.999, BRKB77991231C99999999, 'BRKB77991231C99999999'",
    })
    void writesRootDateSideAndStrike(
            String root, LocalDate expiry, boolean call, BigDecimal strike, String compact, String padded)
            throws Exception {
        String symbol = OccSymbol.compact(
                root, expiry.toEpochDay(), call, strike.movePointRight(3).longValueExact());
        assertThat(symbol).isEqualTo(compact);
        assertThat(OccSymbol.padded(symbol)).isEqualTo(padded).hasSize(21);
    }

    @Test
    void canBeParsedToTheSameParts() throws Exception {
        DateTimeFormatter dates = DateTimeFormatter.ofPattern("yyMMdd"); // two digits mean 2000 to 2099
        long days = ChronoUnit.DAYS.between(FIRST, LAST);
        for (int i = 0; i < 50_000; i++) {
            String root = random.root();
            LocalDate expiry = FIRST.plusDays(i % (days + 1));
            BigDecimal strike = random.decimal(8, 3).abs();
            boolean call = (i & 1) == 0;

            String symbol = OccSymbol.compact(
                    root, expiry.toEpochDay(), call, strike.unscaledValue().longValueExact());

            Matcher parts = COMPACT.matcher(symbol);
            assertThat(parts.matches()).as(symbol).isTrue();
            assertThat(parts.group(1)).isEqualTo(root);
            assertThat(LocalDate.parse(parts.group(2), dates)).isEqualTo(expiry);
            assertThat(parts.group(3)).isEqualTo(call ? "C" : "P");
            assertThat(new BigDecimal(parts.group(4) + "." + parts.group(5))).isEqualByComparingTo(strike);

            Matcher padded = PADDED.matcher(OccSymbol.padded(symbol));
            assertThat(padded.matches()).as(symbol).isTrue();
            assertThat(padded.group(1)).isEqualTo(root);
            assertThat(symbol).isEqualTo(padded.group(1) + padded.group(2));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "spy", "SPYSPYX", "BRK.B", "SP Y", "SPÜ", "ＳＰＹ", "S\0", "٣"})
    void rejectsARootThatIsNotOneToSixLettersAndDigits(String root) {
        assertThat(failure(root, EXPIRY, 1).reason()).isEqualTo(Reason.INVALID_ROW);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 100_000_000, Long.MAX_VALUE, Long.MIN_VALUE})
    void rejectsAStrikeOfMoreThanEightDigitsOrBelowZero(long strike) {
        assertThat(failure("SPY", EXPIRY, strike).reason()).isEqualTo(Reason.INVALID_ROW);
    }

    @Test
    void rejectsAnExpiryOutsideTheYears2000To2099() {
        long[] outside = {FIRST.toEpochDay() - 1, LAST.toEpochDay() + 1, Long.MIN_VALUE, Long.MAX_VALUE};
        for (long expiry : outside) {
            assertThat(failure("SPY", expiry, 1).reason()).isEqualTo(Reason.INVALID_ROW);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "SPY", "241103C00200000", "TOOLONG241103C00200000"})
    void padsOnlyCompactSymbols(String other) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> OccSymbol.padded(other))
                .withMessage("\"" + other + "\" is not a compact OCC symbol");
    }

    private static DecodeException failure(String root, long expiry, long strike) {
        DecodeException failure =
                catchThrowableOfType(DecodeException.class, () -> OccSymbol.compact(root, expiry, true, strike));
        assertThat(failure).isNotNull();
        return failure;
    }
}
