package io.tradeenrichment.codec.key;

import io.tradeenrichment.model.Dimension;
import java.io.Serializable;

/** The key format of each dimension. */
public record KeyFormats(KeyFormat instrument, KeyFormat user) implements Serializable {
    public static final KeyFormats BIG_ENDIAN = new KeyFormats(KeyFormat.BIG_ENDIAN, KeyFormat.BIG_ENDIAN);

    public KeyFormat of(Dimension dimension) {
        return dimension.equals(Dimension.INSTRUMENT) ? instrument : user;
    }
}
