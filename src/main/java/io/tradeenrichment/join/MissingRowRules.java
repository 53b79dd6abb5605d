package io.tradeenrichment.join;

import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.MissingRow;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Trade;

/**
 * Decides what the join does with a trade. The decision depends on the settings and the arguments only.
 *
 * <p>If both rows are missing, the stricter of the two policies applies: dead letter, then drop, then wait, then
 * partial.
 */
final class MissingRowRules {
    private final MissingRow instrumentMissing;
    private final MissingRow userMissing;
    private final MissingRow afterWait;

    MissingRowRules(JobConfig.Join config) {
        this.instrumentMissing = config.instrumentMissing();
        this.userMissing = config.userMissing();
        this.afterWait = config.waitThen();
    }

    /**
     * @param isRead whether the dimensions have been read up to the trade's time
     * @param hasInstrument whether the instrument's row is present
     * @param hasUser whether the user's row is present
     * @param isQueued whether earlier trades of the key are parked
     */
    Decision decide(boolean isRead, boolean hasInstrument, boolean hasUser, boolean isQueued, WaitStatus wait) {
        if (!isRead && wait != WaitStatus.INPUT_ENDED) {
            return Decision.PARK_UNTIL_READ;
        }
        MissingRow forInstrument = hasInstrument ? MissingRow.PARTIAL : instrumentMissing;
        MissingRow forUser = hasUser ? MissingRow.PARTIAL : userMissing;
        MissingRow policy = forInstrument.stricter(forUser);
        boolean lacksInstrument = !hasInstrument && instrumentMissing == policy;
        if (policy == MissingRow.WAIT && wait != WaitStatus.WAITING) {
            policy = afterWait;
        }
        return switch (policy) {
            case PARTIAL -> isQueued ? Decision.PARK_IN_QUEUE : Decision.EMIT;
            case WAIT -> lacksInstrument ? Decision.PARK_FOR_INSTRUMENT : Decision.PARK_FOR_USER;
            case DROP -> Decision.DROP;
            case DEAD_LETTER -> lacksInstrument ? Decision.REJECT_FOR_INSTRUMENT : Decision.REJECT_FOR_USER;
        };
    }

    /** The message of a dead letter: which row is missing and, if the trade waited for it, how the wait ended. */
    String message(Dimension missing, Trade trade, WaitStatus wait) {
        MissingRow policy = missing.equals(Dimension.INSTRUMENT) ? instrumentMissing : userMissing;
        return "trade " + trade.tradeIdTitle() + " found no " + missing.title() + " "
                + trade.idTitle(Dimension.BUNDLED.indexOf(missing)) + (policy == MissingRow.WAIT ? wait.suffix() : "");
    }
}
