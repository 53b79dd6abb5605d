package io.tradeenrichment.kafka.check;

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
    void findsItsOwnTransactionsAfterAFailedRun() {
        OpenTransactions open = open("prod.te.enriched-trades-0-7", "prod.te.dead-letters-1-7", "billing-0-3");
        assertThatCode(open::requireNoneOfOthers).doesNotThrowAnyException();
        assertThat(open.own()).contains("prod.te.dead-letters-1-7");
        assertThat(open.withShorterPrefix()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"prod.te.other-0-7", "prod.te.enriched-trades", "prod.te.enriched-trades-7"})
    void rejectsAnotherApplicationsIdWithThePrefix(String id) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(open(id)::requireNoneOfOthers)
                .withMessage(
                        "kafka.transactional-id-prefix is prod.te., but another application has the transactional id "
                                + id
                                + ", which begins with it; set a prefix that no other application's ids begin with");
    }

    @Test
    void findsAnotherFlinkJobWithAShorterPrefix() {
        assertThat(open("prod.-0-7").withShorterPrefix()).contains("prod.-0-7");
        assertThat(open("prod.te.enriched-trades-0-1").withShorterPrefix()).isEmpty();
        assertThat(open("prod").withShorterPrefix()).isEmpty();
        assertThat(open("other.-0-7").withShorterPrefix()).isEmpty();
    }

    @Test
    void rejectsARunningCopyByItsNewTransactions() {
        OpenTransactions before = open("prod.te.enriched-trades-0-7");
        assertThatCode(() -> open("prod.te.enriched-trades-0-7", "billing-0-4").requireNoneStartedSince(before))
                .doesNotThrowAnyException();
        assertThatCode(() -> open().requireNoneStartedSince(before)).doesNotThrowAnyException();
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> open("prod.te.enriched-trades-0-8").requireNoneStartedSince(before))
                .withMessage(
                        "kafka.transactional-id-prefix is prod.te., but a copy of this job is running, which has just"
                                + " started the transaction prod.te.enriched-trades-0-8; stop it first, or set another prefix for"
                                + " one of the two");
    }

    private static OpenTransactions open(String... ids) {
        return new OpenTransactions("prod.te.", List.of(ids));
    }
}
