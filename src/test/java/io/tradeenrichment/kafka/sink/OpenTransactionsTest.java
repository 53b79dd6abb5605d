package io.tradeenrichment.kafka.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tradeenrichment.settings.SettingsException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OpenTransactionsTest {
    @Test
    void knowsItsOwnFromARunThatBrokeOff() {
        OpenTransactions open = open("prod.te.enriched-trades-0-7", "prod.te.dead-letters-1-7", "billing-0-3");
        assertThatCode(open::refuseOthers).doesNotThrowAnyException();
        assertThat(open.own()).contains("prod.te.dead-letters-1-7");
        assertThat(open.shorter()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"prod.te.other-0-7", "prod.te.enriched-trades", "prod.te.enriched-trades-7"})
    void refusesAnotherApplicationsThatBeginsWithThePrefix(String id) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(open(id)::refuseOthers)
                .withMessage(
                        "kafka.transactional-id-prefix is prod.te., but another application has the transactional id "
                                + id + ", which begins with it; give a prefix that nobody else's begins with");
    }

    @Test
    void findsAnotherFlinkJobWhosePrefixItsOwnBeginsWith() {
        assertThat(open("prod.-0-7").shorter()).contains("prod.-0-7");
        assertThat(open("prod.te.enriched-trades-0-1").shorter()).isEmpty();
        assertThat(open("prod").shorter()).isEmpty();
        assertThat(open("other.-0-7").shorter()).isEmpty();
    }

    @Test
    void aCopyThatRunsBeginsNewOnes() {
        OpenTransactions before = open("prod.te.enriched-trades-0-7");
        assertThatCode(() -> open("prod.te.enriched-trades-0-7", "billing-0-4").refuseWhatIsNewSince(before))
                .doesNotThrowAnyException();
        assertThatCode(() -> open().refuseWhatIsNewSince(before)).doesNotThrowAnyException();
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> open("prod.te.enriched-trades-0-8").refuseWhatIsNewSince(before))
                .withMessage(
                        "kafka.transactional-id-prefix is prod.te., but a copy of this job is running, which has just"
                                + " begun the transaction prod.te.enriched-trades-0-8; stop it first, or give one of the two a"
                                + " prefix of its own");
    }

    private static OpenTransactions open(String... ids) {
        return new OpenTransactions("prod.te.", List.of(ids));
    }
}
