package io.tradeenrichment.codec.layout;

import io.tradeenrichment.model.Dimension;
import java.io.Serializable;

/**
 * A column of a dimension in the enriched trades.
 *
 * @param source a field of the row, or {@link #OCC_SYMBOL}
 * @param name the field of the enriched trade
 */
public record Column(String source, String name) implements Serializable {
    /** The column that is computed from ticker, type, strike and expiry, unless the row has a field of this name. */
    public static final String OCC_SYMBOL = "occ_symbol";

    /** @param text {@code field}, which is named {@code <dimension>_<field>}, or {@code field=name} */
    public static Column of(String text, Dimension dimension) {
        int equals = text.indexOf('=');
        return equals < 0
                ? new Column(text.strip(), dimension.title() + "_" + text.strip())
                : new Column(
                        text.substring(0, equals).strip(),
                        text.substring(equals + 1).strip());
    }
}
