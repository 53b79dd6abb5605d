package io.tradeenrichment;

import io.tradeenrichment.savepoint.JobUids;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.streaming.api.datastream.DataStreamSink;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * Every operator by the uid its savepoints know it by. A uid is a promise: the constant may be renamed, the title and
 * the description bettered, the string never changed. The live feeds of the dimensions go by the generation: they begin
 * where a load of the standing rows ended, so a new load needs new ones.
 */
public enum Operator {
    TRADES("trades", "Trades", "the trades feed, as received"),
    INSTRUMENTS(Operator.INSTRUMENTS_FEED + Topology.GENERATION, "Instruments", "the instruments feed, as received"),
    USERS(Operator.USERS_FEED + Topology.GENERATION, "Users", "the users feed, as received"),
    DECODE_TRADES("decode-trades", "Decode trades", "ids read in place, bytes walked to their end, counted in"),
    DECODE_INSTRUMENTS("decode-instruments", "Decode instruments", "each row's columns encoded once, with its symbol"),
    DECODE_USERS("decode-users", "Decode users", "each row's columns encoded once"),
    TRADE_JOIN("trade-join", "Join trades with instruments and users", "duplicates removed, missing rows waited for"),
    ENRICHED_TRADES("enriched-trades", "Enriched trades", "trade, instrument and user in one record"),
    DEAD_LETTERS("dead-letters", "Dead letters", "what could not be enriched, untouched, with the reason");

    private static final String INSTRUMENTS_FEED = "instruments-";
    private static final String USERS_FEED = "users-";

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

    /** What a preflight has to know of them. Without the state of those that are needed a job would begin anew. */
    static JobUids uids() {
        return new JobUids(
                TRADE_JOIN.uid,
                DECODE_TRADES.uid,
                Stream.of(TRADES, INSTRUMENTS, USERS, DECODE_TRADES, TRADE_JOIN)
                        .map(Operator::uid)
                        .collect(Collectors.toSet()),
                Set.of(INSTRUMENTS_FEED, USERS_FEED));
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
