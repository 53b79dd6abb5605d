package io.tradeenrichment.market;

import java.io.Serializable;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * The plan of a generated market: what {@link MarketFeeds} makes is a function of this and nothing else.
 *
 * <p>Trades are 90 % of all records, instruments 8 % and users 2 %, but each row has at least one record.
 *
 * @param epochDay the day of the run, in days since 1970: options expire after it, trades happened before it
 * @param lateShare of the instruments and of the users, whose rows arrive while trades that need them wait
 * @param duplicateShare of the trades, which repeat an earlier one byte for byte
 * @param malformedShare of the trades, whose bytes are damaged
 * @param firstTradeId ids count up from it
 * @param settledAfter after so many trades the last late row has arrived
 */
public record Market(
        long seed,
        long epochDay,
        long trades,
        int instruments,
        int users,
        double lateShare,
        double duplicateShare,
        double malformedShare,
        long firstTradeId,
        long settledAfter)
        implements Serializable {
    /** More than anyone waits for: weeks at full speed. */
    public static final long MAX_TRADES = 1_000_000_000_000L;

    public static final int MAX_INSTRUMENTS = 5_000_000;
    public static final int MAX_USERS = 10_000_000;
    /** Duplicates and malformed trades together are at most this share: an original has to be in reach of each. */
    public static final double MAX_SPOILT = 0.9;

    private static final long FIRST_DAY = LocalDate.of(2000, 1, 1).toEpochDay();
    /** The last expiries lie years ahead, and an OCC symbol ends with 2099. */
    private static final long LAST_DAY = LocalDate.of(2090, 1, 1).toEpochDay();

    private static final long DAY = 86_400_000_000L;
    private static final long OPENING = DAY / 48 * 29;
    private static final long TRADE_INTERVAL = 20;

    public Market {
        requireWithin("trades", trades, 1, MAX_TRADES);
        requireWithin("instruments", instruments, 1, MAX_INSTRUMENTS);
        requireWithin("users", users, 1, MAX_USERS);
        requireWithin("epochDay", epochDay, FIRST_DAY, LAST_DAY);
        requireWithin("firstTradeId", firstTradeId, 0, Long.MAX_VALUE - MAX_TRADES);
        requireWithin("settledAfter", settledAfter, 0, trades);
        requireShare("lateShare", lateShare);
        requireShare("duplicateShare", duplicateShare);
        requireShare("malformedShare", malformedShare);
        if (duplicateShare + malformedShare > MAX_SPOILT) {
            throw new IllegalArgumentException(
                    "duplicateShare and malformedShare must leave a tenth of the trades good, but are " + duplicateShare
                            + " and " + malformedShare);
        }
    }

    /** With ids from 1, and rows that come late all along. */
    public Market(
            long seed,
            long epochDay,
            long trades,
            int instruments,
            int users,
            double lateShare,
            double duplicateShare,
            double malformedShare) {
        this(seed, epochDay, trades, instruments, users, lateShare, duplicateShare, malformedShare, 1, trades);
    }

    /** The same market under other trade ids. */
    public Market numberedFrom(long tradeId) {
        return new Market(
                seed,
                epochDay,
                trades,
                instruments,
                users,
                lateShare,
                duplicateShare,
                malformedShare,
                tradeId,
                settledAfter);
    }

    /** The same market with its late rows among the records beside the first so many trades, or beside all it has. */
    public Market settledAfter(long tradesUntilThen) {
        return new Market(
                seed,
                epochDay,
                trades,
                instruments,
                users,
                lateShare,
                duplicateShare,
                malformedShare,
                firstTradeId,
                Math.min(tradesUntilThen, trades));
    }

    /** The day on which it is asked for. */
    public static long today() {
        return LocalDate.now(ZoneOffset.UTC).toEpochDay();
    }

    /** When the first trade happens: 14:30 UTC on the last weekday before the day of the run, in microseconds. */
    long open() {
        long weekday = Math.floorMod(epochDay + 3, 7L);
        long daysBack = weekday == 0 ? 3 : weekday == 6 ? 2 : 1;
        return (epochDay - daysBack) * DAY + OPENING;
    }

    /** When the trade of this index happens. */
    long timeOf(long index) {
        return open() + index * TRADE_INTERVAL;
    }

    /** From the first trade to the last, in microseconds. */
    long duration() {
        return trades * TRADE_INTERVAL;
    }

    private static void requireWithin(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(name + " must be from " + least + " to " + most + ", but is " + value);
        }
    }

    private static void requireShare(String name, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(name + " must be from 0 to 1, but is " + share);
        }
    }
}
