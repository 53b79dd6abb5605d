package io.tradeenrichment.model;

import org.jspecify.annotations.Nullable;

/** A header of a source record, which a dead letter repeats. The array is shared and never modified. */
public final class Header {
    private final String key;
    private final byte @Nullable [] value;

    public Header(String key, byte @Nullable [] value) {
        this.key = key;
        this.value = value;
    }

    public String key() {
        return key;
    }

    public byte @Nullable [] value() {
        return value;
    }
}
