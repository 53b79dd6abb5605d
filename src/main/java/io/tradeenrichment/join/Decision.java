package io.tradeenrichment.join;

import io.tradeenrichment.model.Dimension;
import org.jspecify.annotations.Nullable;

/** What the join does with a trade. */
enum Decision {
    /** The trade leaves enriched; the columns of a missing row are null. */
    EMIT(false, null),
    /** The trade is parked until the dimensions have been read up to its time. */
    PARK_UNTIL_READ(true, null),
    /** The trade is parked until its instrument arrives. */
    PARK_FOR_INSTRUMENT(true, Dimension.INSTRUMENT),
    /** The trade is parked until its user arrives. */
    PARK_FOR_USER(true, Dimension.USER),
    /** The trade is parked behind earlier trades of its key, so that their order is kept. */
    PARK_IN_QUEUE(true, null),
    /** The trade is counted, and nothing is sent. */
    DROP(false, null),
    /** The trade becomes a dead letter because its instrument is missing. */
    REJECT_FOR_INSTRUMENT(false, Dimension.INSTRUMENT),
    /** The trade becomes a dead letter because its user is missing. */
    REJECT_FOR_USER(false, Dimension.USER);

    private final boolean parks;
    private final @Nullable Dimension missing;

    Decision(boolean parks, @Nullable Dimension missing) {
        this.parks = parks;
        this.missing = missing;
    }

    boolean parks() {
        return parks;
    }

    /** The dimension whose missing row led to the decision; null if none did. */
    @Nullable Dimension missing() {
        return missing;
    }
}
