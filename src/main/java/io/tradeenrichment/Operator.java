package io.tradeenrichment;

import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * Every operator by its uid. Savepoints find state by uid: constants, titles and descriptions may change, a uid must not.
 * The uids of the dimension sources end with the generation, since a new load of the snapshot needs new sources, which
 * start where that load ended.
 */
public enum Operator {
    TRADES("trades", "Trades", "source records of trades"),
    INSTRUMENTS(Operator.INSTRUMENTS_UID + Topology.GENERATION, "Instruments", "source records of instruments"),
    USERS(Operator.USERS_UID + Topology.GENERATION, "Users", "source records of users"),
    DECODE_TRADES("decode-trades", "Decode trades", "reads the ids in place, checks every byte, counts"),
    DECODE_INSTRUMENTS(
            "decode-instruments", "Decode instruments", "encodes the columns of a row once, with the symbol"),
    DECODE_USERS("decode-users", "Decode users", "encodes the columns of a row once"),
    TRADE_JOIN("trade-join", "Join trades with instruments and users", "removes duplicates, waits for missing rows"),
    ENRICHED_TRADES("enriched-trades", "Enriched trades", "trade, instrument and user in one record"),
    DEAD_LETTERS("dead-letters", "Dead letters", "records that cannot be enriched, with the reason");

    public static final String INSTRUMENTS_UID = "instruments-";
    public static final String USERS_UID = "users-";

    private final String uid;
    private final String title;
    private final String description;

    Operator(String uid, String title, String description) {
        this.uid = uid;
        this.title = title;
        this.description = description;
    }

    public String uid() {
        return uid;
    }

    public String title() {
        return title;
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
