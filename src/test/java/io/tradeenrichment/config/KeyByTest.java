package io.tradeenrichment.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.SettingsException;
import java.util.List;
import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyByTest {
    private static final Dimension ACCOUNT = new Dimension("account");
    private static final Dimension BUY_AND_SELL = new Dimension("buy_and_sell");
    private static final List<Dimension> THREE = List.of(ACCOUNT, Dimension.USER, Dimension.INSTRUMENT);

    @Test
    void keepsTheCodesOfEarlierState() {
        assertThat(KeyBy.of("instrument_id", Dimension.BUNDLED)).isEqualTo(new KeyBy("instrument_id", 1, List.of(0)));
        assertThat(KeyBy.of("trade_id", Dimension.BUNDLED)).isEqualTo(new KeyBy("trade_id", 2, List.of()));
        assertThat(KeyBy.of("instrument_and_user", Dimension.BUNDLED))
                .isEqualTo(new KeyBy("instrument_and_user", 3, List.of(0, 1)));
    }

    @Test
    void hasTheCodeOfItsTitleInAnyOrderOfTheDimensions() {
        assertThat(KeyBy.of("instrument_id", THREE)).isEqualTo(new KeyBy("instrument_id", 1, List.of(2)));
        assertThat(KeyBy.of("instrument_and_user", THREE))
                .isEqualTo(new KeyBy("instrument_and_user", 3, List.of(2, 1)));
    }

    @Test
    void acceptsTheIdOfEachDimensionAndSeveral() {
        assertThat(KeyBy.of("account_id", THREE).dimensions()).containsExactly(0);
        assertThat(KeyBy.of("user_and_account_and_instrument", THREE).dimensions())
                .containsExactly(1, 0, 2);
        assertThat(KeyBy.of("buy_and_sell_id", List.of(BUY_AND_SELL)).dimensions())
                .containsExactly(0);
    }

    /** The codes are in state. */
    @ParameterizedTest
    @CsvSource({"account_id, e4e8a91187be531a", "account_and_user, 451e61201e5e934a"})
    void hasAFixedCodeForEveryOtherTitle(String title, String code) {
        assertThat(Long.toHexString(KeyBy.of(title, THREE).code())).isEqualTo(code);
    }

    @Test
    void distinguishesTheOrderOfTheNames() {
        assertThat(KeyBy.of("user_and_instrument", THREE).code()).isNotEqualTo(KeyBy.INSTRUMENT_AND_USER.code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"TRADE_ID", "trade-id", " Trade-Id "})
    void acceptsAnyCaseWithHyphensOrUnderscores(String text) {
        assertThat(KeyBy.of(text, THREE)).isEqualTo(KeyBy.TRADE_ID);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "_id",
                "_and_",
                "account",
                "venue_id",
                "account_and_venue",
                "account_and_",
                "account_and_account",
                "account_id_and_user_id"
            })
    void rejectsAnUnknownOrRepeatedName(String text) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> KeyBy.of(text, THREE))
                .withMessage("trades.key-by is '" + text + "', but takes trade_id, the id of a dimension (account_id,"
                        + " user_id, instrument_id), or several names such as account_and_user");
    }

    @Test
    void offersNoPairToAJobWithOneDimension() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> KeyBy.of("user_id", List.of(ACCOUNT)))
                .withMessage("trades.key-by is 'user_id', but takes trade_id, the id of a dimension (account_id)");
    }

    @Test
    void isTheIdOfTheFirstDimensionByDefault() {
        var checked = new CheckedConfiguration(new Configuration());

        assertThat(KeyBy.from(checked, Dimension.BUNDLED)).isEqualTo(KeyBy.INSTRUMENT_ID);
        assertThat(KeyBy.from(checked, THREE)).hasToString("account_id");
    }

    @Test
    void describesACodeInState() {
        assertThat(KeyBy.titleOf(1)).isEqualTo("instrument_id");
        assertThat(KeyBy.titleOf(2)).isEqualTo("trade_id");
        assertThat(KeyBy.titleOf(3)).isEqualTo("instrument_and_user");
        assertThat(KeyBy.titleOf(KeyBy.of("account_id", THREE).code()))
                .isEqualTo("another combination of ids (e4e8a91187be531a)");
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> KeyBy.titleOf(4))
                .withMessage("no trades.key-by has the code 4");
    }
}
