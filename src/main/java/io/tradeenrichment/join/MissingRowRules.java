package io.tradeenrichment.join;

import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.MissingRow;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Trade;
import java.util.List;

/**
 * Decides what the join does with a trade. The decision depends on the settings and the arguments only.
 *
 * <p>If several rows are missing, the strictest of their policies applies: dead letter, then drop, then wait, then
 * partial. Of equal policies, that of the first dimension counts.
 */
final class MissingRowRules {
    private final List<Dimension> dimensions;
    private final MissingRow[] policies;
    private final MissingRow afterWait;
    private final Decision[] parkForRow;
    private final Decision[] rejectForRow;

    MissingRowRules(JobConfig job) {
        dimensions = job.dimensionList();
        policies = job.join().missing().toArray(MissingRow[]::new);
        afterWait = job.join().waitThen();
        parkForRow = Decision.parkForRow(policies.length);
        rejectForRow = Decision.rejectForRow(policies.length);
    }

    /**
     * @param isRead whether the dimensions have been read up to the trade's time
     * @param missing a bit for each dimension whose row is missing
     * @param isQueued whether earlier trades of the key are parked
     */
    Decision decide(boolean isRead, int missing, boolean isQueued, WaitStatus wait) {
        if (!isRead && wait != WaitStatus.INPUT_ENDED) {
            return Decision.PARK_UNTIL_READ;
        }
        if (missing == 0) {
            return isQueued ? Decision.PARK_IN_QUEUE : Decision.EMIT;
        }
        int strictest = strictest(missing);
        MissingRow policy = policies[strictest];
        if (policy == MissingRow.WAIT && wait != WaitStatus.WAITING) {
            policy = afterWait;
        }
        return switch (policy) {
            case PARTIAL -> isQueued ? Decision.PARK_IN_QUEUE : Decision.EMIT;
            case WAIT -> parkForRow[strictest];
            case DROP -> Decision.DROP;
            case DEAD_LETTER -> rejectForRow[strictest];
        };
    }

    /** The first dimension with the strictest policy of those that are missing. */
    private int strictest(int missing) {
        int strictest = Integer.numberOfTrailingZeros(missing);
        for (int dimension = strictest + 1; dimension < policies.length; dimension++) {
            if ((missing & 1 << dimension) != 0 && policies[dimension].isStricterThan(policies[strictest])) {
                strictest = dimension;
            }
        }
        return strictest;
    }

    /** The message of a dead letter: which row is missing and, if the trade waited for it, how the wait ended. */
    String message(int missing, Trade trade, WaitStatus wait) {
        return "trade " + trade.tradeIdTitle() + " found no "
                + dimensions.get(missing).title() + " " + trade.idTitle(missing)
                + (policies[missing] == MissingRow.WAIT ? wait.suffix() : "");
    }

    Dimension dimension(int position) {
        return dimensions.get(position);
    }
}
