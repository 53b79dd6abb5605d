package io.tradeenrichment.codec.key;

import io.tradeenrichment.model.Dimension;
import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The key format of each dimension.
 *
 * @param others the formats of the dimensions whose keys are not big-endian
 */
public record KeyFormats(Map<Dimension, KeyFormat> others) implements Serializable {
    public static final KeyFormats BIG_ENDIAN = new KeyFormats(Map.of());

    public KeyFormats {
        Map<Dimension, KeyFormat> ordered = new LinkedHashMap<>(others);
        ordered.values().removeIf(format -> format == KeyFormat.BIG_ENDIAN);
        others = Collections.unmodifiableMap(ordered);
    }

    public KeyFormat of(Dimension dimension) {
        return others.getOrDefault(dimension, KeyFormat.BIG_ENDIAN);
    }
}
