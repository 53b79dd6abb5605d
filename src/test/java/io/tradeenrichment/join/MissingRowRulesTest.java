package io.tradeenrichment.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.Samples;
import io.tradeenrichment.config.MissingRow;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Trade;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MissingRowRulesTest {
    private static final Set<MissingRow> AFTER_WAIT = EnumSet.complementOf(EnumSet.of(MissingRow.WAIT));
    private static final Set<WaitStatus> OVER = EnumSet.of(WaitStatus.TIMED_OUT, WaitStatus.INPUT_ENDED);
    /** The order that the documentation gives. */
    private static final List<MissingRow> FROM_STRICT_TO_MILD =
            List.of(MissingRow.DEAD_LETTER, MissingRow.DROP, MissingRow.WAIT, MissingRow.PARTIAL);

    /** The three settings that the rules depend on. */
    record Policies(MissingRow instrument, MissingRow user, MissingRow afterWait) {
        MissingRowRules rules() {
            return new MissingRowRules(JoinHarness.job(JoinHarness.config(instrument, user, afterWait)));
        }

        MissingRow stricter() {
            return FROM_STRICT_TO_MILD.stream()
                    .filter(policy -> policy == instrument || policy == user)
                    .findFirst()
                    .orElseThrow();
        }
    }

    static Stream<Policies> policies() {
        return Stream.of(MissingRow.values())
                .flatMap(instrument -> Stream.of(MissingRow.values())
                        .flatMap(user -> AFTER_WAIT.stream().map(then -> new Policies(instrument, user, then))));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void emitsATradeWithBothRows(Policies policies) {
        for (WaitStatus wait : WaitStatus.values()) {
            assertThat(policies.rules().decide(true, missing(true, true), false, wait))
                    .isEqualTo(Decision.EMIT);
        }
        assertThat(policies.rules().decide(true, missing(true, true), true, WaitStatus.WAITING))
                .isEqualTo(Decision.PARK_IN_QUEUE);
    }

    @ParameterizedTest
    @MethodSource("policies")
    void parksATradeUntilTheDimensionsAreReadUpToItsTime(Policies policies) {
        for (boolean hasInstrument : new boolean[] {true, false}) {
            for (boolean hasUser : new boolean[] {true, false}) {
                for (boolean isQueued : new boolean[] {true, false}) {
                    for (WaitStatus wait : EnumSet.of(WaitStatus.WAITING, WaitStatus.TIMED_OUT)) {
                        assertThat(policies.rules().decide(false, missing(hasInstrument, hasUser), isQueued, wait))
                                .isEqualTo(Decision.PARK_UNTIL_READ);
                    }
                }
                assertThat(policies.rules()
                                .decide(false, missing(hasInstrument, hasUser), false, WaitStatus.INPUT_ENDED))
                        .isEqualTo(policies.rules()
                                .decide(true, missing(hasInstrument, hasUser), false, WaitStatus.INPUT_ENDED));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("policies")
    void appliesThePolicyOfTheDimensionWhoseRowIsMissing(Policies policies) {
        MissingRowRules rules = policies.rules();
        for (boolean isQueued : new boolean[] {true, false}) {
            assertThat(rules.decide(true, missing(false, true), isQueued, WaitStatus.WAITING))
                    .isEqualTo(atOnce(policies.instrument(), Dimension.INSTRUMENT, isQueued));
            assertThat(rules.decide(true, missing(true, false), isQueued, WaitStatus.WAITING))
                    .isEqualTo(atOnce(policies.user(), Dimension.USER, isQueued));
        }
    }

    @ParameterizedTest
    @MethodSource("policies")
    void appliesTheStricterPolicyIfBothRowsAreMissing(Policies policies) {
        MissingRow stricter = policies.stricter();
        Dimension missing = policies.instrument() == stricter ? Dimension.INSTRUMENT : Dimension.USER;
        for (boolean isQueued : new boolean[] {true, false}) {
            assertThat(policies.rules().decide(true, missing(false, false), isQueued, WaitStatus.WAITING))
                    .isEqualTo(atOnce(stricter, missing, isQueued));
        }
    }

    @ParameterizedTest
    @MethodSource("policies")
    void appliesThePolicyAfterTheWaitOnceTheWaitIsOver(Policies policies) {
        MissingRowRules rules = policies.rules();
        MissingRow stricter = policies.stricter();
        Dimension missing = policies.instrument() == stricter ? Dimension.INSTRUMENT : Dimension.USER;
        for (WaitStatus wait : OVER) {
            assertThat(rules.decide(true, missing(false, true), false, wait))
                    .isEqualTo(afterWait(policies.instrument(), policies, Dimension.INSTRUMENT));
            assertThat(rules.decide(true, missing(true, false), false, wait))
                    .isEqualTo(afterWait(policies.user(), policies, Dimension.USER));
            assertThat(rules.decide(true, missing(false, false), false, wait))
                    .isEqualTo(afterWait(stricter, policies, missing));
        }
    }

    private static Decision afterWait(MissingRow policy, Policies policies, Dimension missing) {
        return atOnce(policy == MissingRow.WAIT ? policies.afterWait() : policy, missing, false);
    }

    private static Decision atOnce(MissingRow policy, Dimension missing, boolean isQueued) {
        int position = Dimension.BUNDLED.indexOf(missing);
        return switch (policy) {
            case PARTIAL -> isQueued ? Decision.PARK_IN_QUEUE : Decision.EMIT;
            case WAIT -> new Decision(Decision.Kind.PARK, position);
            case DROP -> Decision.DROP;
            case DEAD_LETTER -> new Decision(Decision.Kind.REJECT, position);
        };
    }

    @Test
    void reportsHowTheWaitEndedIfTheTradeWaited() {
        Trade trade = Samples.trade(1, 7, 3);
        MissingRowRules waiting = new Policies(MissingRow.WAIT, MissingRow.DEAD_LETTER, MissingRow.DEAD_LETTER).rules();
        assertThat(waiting.message(0, trade, WaitStatus.TIMED_OUT))
                .isEqualTo("trade 1 found no instrument 7 within join.wait.timeout");
        assertThat(waiting.message(0, trade, WaitStatus.INPUT_ENDED))
                .isEqualTo("trade 1 found no instrument 7 before the input ended");
        for (WaitStatus wait : WaitStatus.values()) {
            assertThat(waiting.message(1, trade, wait)).isEqualTo("trade 1 found no user 3");
        }
    }

    @ParameterizedTest
    @MethodSource("policies")
    void parksOrRejectsForAMissingRowOnly(Policies policies) {
        for (int missing = 0; missing < 4; missing++) {
            for (WaitStatus wait : WaitStatus.values()) {
                Decision decision = policies.rules().decide(true, missing, false, wait);
                boolean isForRow = decision.kind() == Decision.Kind.PARK || decision.kind() == Decision.Kind.REJECT;
                assertThat(decision.dimension() != Decision.NONE).isEqualTo(isForRow);
                assertThat(isForRow && (missing & 1 << decision.dimension()) == 0)
                        .isFalse();
            }
        }
    }

    private static int missing(boolean hasInstrument, boolean hasUser) {
        return (hasInstrument ? 0 : 1) | (hasUser ? 0 : 2);
    }
}
