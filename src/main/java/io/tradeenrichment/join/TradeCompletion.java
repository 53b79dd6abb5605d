package io.tradeenrichment.join;

import io.tradeenrichment.codec.Splice;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.model.Account;
import io.tradeenrichment.model.EnrichedTrade;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.RejectedRecord;
import io.tradeenrichment.model.Trade;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** Completes trades that are not parked: emits, drops or rejects them, and enters them in the ledger. */
final class TradeCompletion {
    private final JoinState state;
    private final MissingRowRules rules;
    private final Splice splice;
    private final int maxSize;
    private final Counter partial;

    /**
     * @param maxSize of an enriched trade, in bytes: a producer would refuse a longer one at every attempt
     * @param partial counts the enriched trades that lack a row
     */
    TradeCompletion(JoinState state, MissingRowRules rules, Splice splice, int maxSize, Counter partial) {
        this.state = state;
        this.rules = rules;
        this.splice = splice;
        this.maxSize = maxSize;
        this.partial = partial;
    }

    /**
     * Carries out a decision that does not park the trade.
     *
     * @return the rejected record; null if the trade was emitted or dropped
     */
    @Nullable RejectedRecord complete(
            Decision decision, WaitStatus wait, Trade trade, TradeRows rows, Collector<EnrichedTrade> out)
            throws Exception {
        if (decision.kind() == Decision.Kind.EMIT) {
            return emit(trade, rows, out);
        }
        if (decision.kind() == Decision.Kind.REJECT) {
            int missing = decision.dimension();
            return reject(trade, Reason.missing(rules.dimension(missing)), rules.message(missing, trade, wait));
        }
        state.forget(trade);
        state.ledger().enter(Account.DROPPED);
        return null;
    }

    private @Nullable RejectedRecord emit(Trade trade, TradeRows rows, Collector<EnrichedTrade> out) throws Exception {
        byte[] value = splice.splice(trade.bytes(), trade.start(), rows.fragments());
        if (value.length > maxSize) {
            return reject(
                    trade,
                    Reason.ENRICHED_TOO_LARGE,
                    "trade " + trade.tradeIdTitle() + " has " + value.length
                            + " bytes once it is enriched, more than wire.enriched.max-size");
        }
        if (rows.missing() != 0) {
            partial.inc();
        }
        state.ledger().enter(Account.ENRICHED);
        LateVersions late = state.late();
        if (late != null) {
            late.add(trade);
        }
        out.collect(new EnrichedTrade(key(trade), trade.source().timestamp(), value));
        return null;
    }

    /** The id of the first dimension; null if the trade has none. */
    private static byte @Nullable [] key(Trade trade) {
        byte[] text = trade.text(0);
        if (text != null) {
            return text;
        }
        return trade.has(0) ? DatumBuffer.key(trade.id(0)) : null;
    }

    private RejectedRecord reject(Trade trade, Reason reason, String message) throws Exception {
        state.forget(trade);
        state.ledger().enter(Account.DEAD_LETTERED);
        return new RejectedRecord(trade.source(), reason, message);
    }
}
