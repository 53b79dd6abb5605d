package io.tradeenrichment.model;

import java.io.Serializable;
import java.util.List;

/**
 * An input of the job: the trades, or the records of a dimension.
 *
 * @param title lower-case name in messages, and the default name of the topic
 */
public record Feed(String title) implements Serializable {
    public static final Feed TRADES = new Feed("trades");
    public static final Feed INSTRUMENTS = new Feed("instruments");
    public static final Feed USERS = new Feed("users");

    /** The feeds of the bundled schemas. */
    public static final List<Feed> BUNDLED = List.of(TRADES, INSTRUMENTS, USERS);

    /** The dimension whose records this feed has. Its title ends with an s. */
    public Dimension dimension() {
        return new Dimension(title.substring(0, title.length() - 1));
    }

    @Override
    public String toString() {
        return title;
    }
}
