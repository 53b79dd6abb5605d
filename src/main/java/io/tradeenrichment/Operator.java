package io.tradeenrichment;

import io.tradeenrichment.model.Dimension;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * Every operator by its uid. Savepoints find state by uid: titles and descriptions may change, a uid must not. The uids
 * of a dimension contain the name of its feed. That of its source ends with the generation, since a new load of the
 * snapshot needs a new source, which starts where that load ended.
 */
public record Operator(String uid, String title, String description) {
    public static final Operator TRADES = new Operator("trades", "Trades", "source records of trades");
    public static final Operator DECODE_TRADES =
            new Operator("decode-trades", "Decode trades", "reads the ids in place, checks every byte, counts");
    /** The join with the dimensions of the bundled schemas. */
    public static final Operator TRADE_JOIN = join(Dimension.BUNDLED);

    public static final Operator ENRICHED_TRADES =
            new Operator("enriched-trades", "Enriched trades", "a trade and its rows in one record");
    public static final Operator DEAD_LETTERS =
            new Operator("dead-letters", "Dead letters", "records that cannot be enriched, with the reason");

    /** The source of a dimension's records. */
    public static Operator source(Dimension dimension) {
        String feed = dimension.feed().title();
        return new Operator(
                sourceUidPrefix(dimension) + Topology.GENERATION,
                feed.substring(0, 1).toUpperCase(Locale.ROOT) + feed.substring(1),
                "source records of " + feed);
    }

    /** The uid of a dimension's source without the generation. */
    public static String sourceUidPrefix(Dimension dimension) {
        return dimension.feed().title() + "-";
    }

    public static Operator decoder(Dimension dimension) {
        String feed = dimension.feed().title();
        return new Operator("decode-" + feed, "Decode " + feed, "encodes the columns of a row once");
    }

    public static Operator join(List<Dimension> dimensions) {
        String feeds = dimensions.stream()
                .map(dimension -> dimension.feed().title())
                .collect(Collectors.joining(", "))
                .replaceFirst(", ([^,]*)$", " and $1");
        return new Operator("trade-join", "Join trades with " + feeds, "removes duplicates, waits for missing rows");
    }

    /** Gives the stream's operator its uid, name and description. */
    public <T> SingleOutputStreamOperator<T> tag(SingleOutputStreamOperator<T> stream) {
        return stream.uid(uid).name(title).setDescription(title + ": " + description);
    }

    /** Gives the sink its uid, name and description. */
    public <T> DataStreamSink<T> tag(DataStreamSink<T> sink) {
        return sink.uid(uid).name(title).setDescription(title + ": " + description);
    }
}
