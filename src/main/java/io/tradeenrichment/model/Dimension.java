package io.tradeenrichment.model;

import java.io.Serializable;
import java.util.List;

/**
 * A slowly changing stream that trades are joined with. State, operators and topics of a dimension are named by its feed.
 *
 * @param name in settings and messages: lower-case letters, digits and underscores
 */
public record Dimension(String name) implements Serializable {
    public static final Dimension INSTRUMENT = new Dimension("instrument");
    public static final Dimension USER = new Dimension("user");

    /** The dimensions of the bundled schemas. */
    public static final List<Dimension> BUNDLED = List.of(INSTRUMENT, USER);

    public Feed feed() {
        return new Feed(name + "s");
    }

    /** The name in messages. */
    public String title() {
        return name;
    }

    @Override
    public String toString() {
        return name;
    }
}
