package io.tradeenrichment.savepoint;

import io.tradeenrichment.Samples;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.SourceRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Records before and after a savepoint. Those before it put something into every state of the job, and the output of those
 * after it is wrong if any of that is lost. Never change the records: the kept savepoints were made with them.
 */
final class SavepointScenario {
    private static final int TRADES = 100;
    private static final int NEW_FROM = 200;
    private static final int INSTRUMENTS = 9;
    private static final int USERS = 10;
    private static final long DELETED = 9;
    private static final long ROW_BEFORE_SAVEPOINT = 10;
    private static final long INSTRUMENT_AFTER_SAVEPOINT = 50;
    private static final long USER_AFTER_SAVEPOINT = 60;
    private static final long RENAMED = 3;
    /** A hundred years, so that neither ids nor waits expire while a savepoint is kept. */
    private static final String UNLIMITED = "36500 d";

    static final Map<String, String> SETTINGS = Map.of("dedup.retention", UNLIMITED, "join.wait.timeout", UNLIMITED);

    private SavepointScenario() {}

    /** The dimension snapshot of the first start. */
    static List<SourceRecord> snapshot() {
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

    /** Every tenth trade twice, every twentieth truncated, and five that wait for a row. */
    static List<SourceRecord> beforeSavepoint() {
        List<SourceRecord> records = trades(0);
        records.add(Samples.tradeRecord(TRADES, INSTRUMENT_AFTER_SAVEPOINT, 1));
        records.add(Samples.tradeRecord(TRADES + 1, INSTRUMENT_AFTER_SAVEPOINT, 2));
        records.add(Samples.tradeRecord(TRADES + 2, 1, USER_AFTER_SAVEPOINT));
        records.add(Samples.tradeRecord(TRADES + 3, DELETED, 1));
        records.add(Samples.tradeRecord(TRADES + 4, ROW_BEFORE_SAVEPOINT, 4));
        return records;
    }

    /** The row of one waiting trade, sent when all other records have been processed. */
    static List<SourceRecord> lastBeforeSavepoint() {
        return List.of(Samples.stockRecord(ROW_BEFORE_SAVEPOINT, 1_000_000, "LISTED"));
    }

    /** The trades of {@link #beforeSavepoint} again, new trades, and the rows that three of them wait for. */
    static List<SourceRecord> afterSavepoint() {
        List<SourceRecord> records = beforeSavepoint();
        records.addAll(trades(NEW_FROM));
        records.add(Samples.tradeRecord(NEW_FROM + TRADES, ROW_BEFORE_SAVEPOINT, 4));
        records.add(Samples.stockRecord(INSTRUMENT_AFTER_SAVEPOINT, 4_000_000, "LATE"));
        records.add(Samples.userRecord(USER_AFTER_SAVEPOINT, 4_000_000, "late"));
        return records;
    }

    /** Unreadable records at the same offsets: the job must not read them again. */
    static List<SourceRecord> unreadable(List<SourceRecord> records) {
        return records.stream()
                .map(record -> new SourceRecord(
                        record.feed(), 0, 0, record.timestamp(), record.key(), new byte[] {1, 2, 3}, List.of()))
                .toList();
    }

    /** Instrument and user by trade id, as {@code Topics.enriched}. */
    static Map<Long, String> enrichedBefore() {
        Map<Long, String> enriched = new TreeMap<>();
        expect(enriched, 0);
        enriched.put(TRADES + 4L, "LISTED user-4");
        return enriched;
    }

    static Map<Long, String> enrichedAfter() {
        Map<Long, String> enriched = new TreeMap<>();
        expect(enriched, NEW_FROM);
        enriched.put((long) TRADES, "LATE user-1");
        enriched.put(TRADES + 1L, "LATE user-2");
        enriched.put(TRADES + 2L, "T1 late");
        enriched.put((long) NEW_FROM + TRADES, "LISTED user-4");
        return enriched;
    }

    /** Truncated trades before the savepoint; after it there are twice as many. */
    static int deadLettersBefore() {
        return TRADES / 20;
    }

    /** The job's totals at the end. */
    static Map<String, Long> totals() {
        long trades = beforeSavepoint().size() + tradesIn(afterSavepoint());
        long enriched = enrichedBefore().size() + enrichedAfter().size();
        long letters = 3L * deadLettersBefore();
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
        return records.stream()
                .filter(record -> record.feed().equals(Feed.TRADES))
                .count();
    }

    private static List<SourceRecord> trades(long from) {
        List<SourceRecord> trades = new ArrayList<>();
        for (long id = from; id < from + TRADES; id++) {
            SourceRecord trade = Samples.tradeRecord(id, id % INSTRUMENTS, id % USERS);
            trades.add(isTruncated(id) ? truncate(trade) : trade);
            if (id % 10 == 3) {
                trades.add(trade);
            }
        }
        return trades;
    }

    private static void expect(Map<Long, String> enriched, long from) {
        for (long id = from; id < from + TRADES; id++) {
            if (!isTruncated(id)) {
                long instrument = id % INSTRUMENTS;
                enriched.put(id, (instrument == RENAMED ? "RENAMED" : "T" + instrument) + " user-" + id % USERS);
            }
        }
    }

    private static boolean isTruncated(long id) {
        return id % 20 == 7;
    }

    private static SourceRecord truncate(SourceRecord trade) {
        byte[] value = Arrays.copyOf(trade.value(), trade.value().length - 1);
        return new SourceRecord(trade.feed(), 0, 0, trade.timestamp(), trade.key(), value, trade.headers());
    }
}
