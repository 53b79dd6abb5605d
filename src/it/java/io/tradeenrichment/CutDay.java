package io.tradeenrichment;

import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.SourceRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A day that a savepoint cuts in two. In the morning something comes to stand in every state of the job, and in the
 * afternoon nothing comes out right without it. Kept savepoints were made from this morning: it is never changed.
 */
final class CutDay {
    private static final int TRADES = 100;
    private static final int NEW_FROM = 200;
    private static final int INSTRUMENTS = 9;
    private static final int USERS = 10;
    private static final long DELETED = 9;
    private static final long LISTED_IN_THE_MORNING = 10;
    private static final long LISTED_IN_THE_AFTERNOON = 50;
    private static final long JOINED_IN_THE_AFTERNOON = 60;
    private static final long RENAMED = 3;
    /** A hundred years, so that nothing is forgotten and nobody waits too long while a savepoint is kept. */
    private static final String FOR_EVER = "36500 d";

    static final Map<String, String> SETTINGS = Map.of("dedup.retention", FOR_EVER, "join.wait.timeout", FOR_EVER);

    private CutDay() {}

    /** What stands when the job is started for the first time. */
    static List<SourceRecord> standing() {
        List<SourceRecord> rows = new ArrayList<>();
        for (long id = 0; id <= DELETED; id++) {
            rows.add(Samples.stockRecord(id, 1_000_000, "T" + id));
        }
        rows.add(Samples.stockRecord(RENAMED, 2_000_000, "RENAMED"));
        rows.add(Samples.tombstone(Feed.INSTRUMENTS, DELETED, 3_000, 0));
        for (long id = 0; id < USERS; id++) {
            rows.add(Samples.userRecord(id, 1_000_000, "user-" + id));
        }
        return rows;
    }

    /** Every tenth trade twice, every twentieth cut short, and four that have to wait for a row. */
    static List<SourceRecord> morning() {
        List<SourceRecord> records = trades(0);
        records.add(Samples.tradeRecord(TRADES, LISTED_IN_THE_AFTERNOON, 1));
        records.add(Samples.tradeRecord(TRADES + 1, LISTED_IN_THE_AFTERNOON, 2));
        records.add(Samples.tradeRecord(TRADES + 2, 1, JOINED_IN_THE_AFTERNOON));
        records.add(Samples.tradeRecord(TRADES + 3, DELETED, 1));
        records.add(Samples.tradeRecord(TRADES + 4, LISTED_IN_THE_MORNING, 4));
        return records;
    }

    /** Comes when all else of the morning has come. */
    static List<SourceRecord> lateMorning() {
        return List.of(Samples.stockRecord(LISTED_IN_THE_MORNING, 1_000_000, "LISTED"));
    }

    /** The morning's trades once more, new ones, and the rows that three of the morning's wait for. */
    static List<SourceRecord> afternoon() {
        List<SourceRecord> records = morning();
        records.addAll(trades(NEW_FROM));
        records.add(Samples.tradeRecord(NEW_FROM + TRADES, LISTED_IN_THE_MORNING, 4));
        records.add(Samples.stockRecord(LISTED_IN_THE_AFTERNOON, 4_000_000, "LATE"));
        records.add(Samples.userRecord(JOINED_IN_THE_AFTERNOON, 4_000_000, "late"));
        return records;
    }

    /** The same places in the topics, taken by what nobody can read. */
    static List<SourceRecord> unreadable(List<SourceRecord> records) {
        return records.stream()
                .map(record -> new SourceRecord(
                        record.feed(), 0, 0, record.timestamp(), record.key(), new byte[] {1, 2, 3}, List.of()))
                .toList();
    }

    /** Instrument and user by trade id. */
    static Map<Long, String> enrichedInTheMorning() {
        Map<Long, String> enriched = new TreeMap<>();
        expect(enriched, 0);
        enriched.put(TRADES + 4L, "LISTED user-4");
        return enriched;
    }

    static Map<Long, String> enrichedInTheAfternoon() {
        Map<Long, String> enriched = new TreeMap<>();
        expect(enriched, NEW_FROM);
        enriched.put((long) TRADES, "LATE user-1");
        enriched.put(TRADES + 1L, "LATE user-2");
        enriched.put(TRADES + 2L, "T1 late");
        enriched.put((long) NEW_FROM + TRADES, "LISTED user-4");
        return enriched;
    }

    /** Trades cut short: of the morning; of the afternoon, where the morning's come again, twice as many. */
    static int deadLettersInTheMorning() {
        return TRADES / 20;
    }

    /** How all trades of both halves are accounted for in the end. */
    static Map<String, Long> totals() {
        long trades = morning().size() + tradesIn(afternoon());
        long enriched = enrichedInTheMorning().size() + enrichedInTheAfternoon().size();
        long letters = 3L * deadLettersInTheMorning();
        return Map.of(
                "trades_in",
                trades,
                "enriched",
                enriched,
                "dead_lettered",
                letters,
                "parked",
                1L,
                "dropped",
                0L,
                "duplicates",
                trades - enriched - letters - 1);
    }

    private static long tradesIn(List<SourceRecord> records) {
        return records.stream().filter(record -> record.feed() == Feed.TRADES).count();
    }

    private static List<SourceRecord> trades(long from) {
        List<SourceRecord> trades = new ArrayList<>();
        for (long id = from; id < from + TRADES; id++) {
            SourceRecord trade = Samples.tradeRecord(id, id % INSTRUMENTS, id % USERS);
            trades.add(isCutShort(id) ? cutShort(trade) : trade);
            if (id % 10 == 3) {
                trades.add(trade);
            }
        }
        return trades;
    }

    private static void expect(Map<Long, String> enriched, long from) {
        for (long id = from; id < from + TRADES; id++) {
            if (!isCutShort(id)) {
                long instrument = id % INSTRUMENTS;
                enriched.put(id, (instrument == RENAMED ? "RENAMED" : "T" + instrument) + " user-" + id % USERS);
            }
        }
    }

    private static boolean isCutShort(long id) {
        return id % 20 == 7;
    }

    private static SourceRecord cutShort(SourceRecord trade) {
        byte[] cut = Arrays.copyOf(trade.value(), trade.value().length - 1);
        return new SourceRecord(trade.feed(), 0, 0, trade.timestamp(), trade.key(), cut, trade.headers());
    }
}
