package io.tradeenrichment.codec;

import io.tradeenrichment.model.Reason;

/** Says that bytes are not what they should be. Carries no stack trace: bad bytes are data, and may be many. */
public final class Refusal extends Exception {
    private final Reason reason;

    /** @param message one sentence for people: what was found, where, out of how much */
    public Refusal(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    /** The sentence; never null, unlike {@link #getMessage()} by its type. */
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
