package io.tradeenrichment.join;

import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.MissingRow;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Trade;
import org.jspecify.annotations.Nullable;

/** A trade and the rows that were found for it, one of which is usually missing: a whole match needs no such look. */
final class MatchedRows {
    private final Trade trade;
    private final byte @Nullable [] instrument;
    private final byte @Nullable [] user;

    MatchedRows(Trade trade, byte @Nullable [] instrument, byte @Nullable [] user) {
        this.trade = trade;
        this.instrument = instrument;
        this.user = user;
    }

    Trade trade() {
        return trade;
    }

    byte @Nullable [] instrument() {
        return instrument;
    }

    byte @Nullable [] user() {
        return user;
    }

    boolean isPartial() {
        return instrument == null || user == null;
    }

    /** What the missing rows call for: {@code PARTIAL}, to leave with the rows there are, if none is missing. */
    MissingRow policy(JobConfig.Join config) {
        MissingRow forInstrument = instrument == null ? config.instrumentMissing() : MissingRow.PARTIAL;
        MissingRow forUser = user == null ? config.userMissing() : MissingRow.PARTIAL;
        return forInstrument.stricter(forUser);
    }

    /** Whose missing row called for the policy; the instrument where both did. */
    Dimension missing(MissingRow policy, JobConfig.Join config) {
        return instrument == null && config.instrumentMissing() == policy ? Dimension.INSTRUMENT : Dimension.USER;
    }
}
