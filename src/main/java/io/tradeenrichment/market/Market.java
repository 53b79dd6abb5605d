package io.tradeenrichment.market;

import java.io.Serializable;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * The parameters of a generated market; {@link MarketFeeds} depends on nothing else.
 *
 * <p>Trades are 90 % of all records, instruments 8 % and users 2 %, but each row has at least one record.
 *
 * @param epochDay the day of the run, in days since 1970: options expire after it, trades happen before it
 * @param lateShare of the instruments and of the users whose rows arrive after trades that need them
 * @param duplicateShare of the trades that repeat an earlier trade byte for byte
 * @param malformedShare of the trades whose bytes are corrupted
 * @param firstTradeId the ids increase from it
 * @param lateRowsUntil the number of trades after which the last late row has arrived
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
        long lateRowsUntil)
        implements Serializable {
    public static final long MAX_TRADES = 1_000_000_000_000L;

    public static final int MAX_INSTRUMENTS = 5_000_000;
    public static final int MAX_USERS = 10_000_000;
    /** Of duplicates and malformed trades together, so that each duplicate has an original nearby. */
    public static final double MAX_UNUSABLE_SHARE = 0.9;

    private static final long FIRST_DAY = LocalDate.of(2000, 1, 1).toEpochDay();
    /** The last expiries are years later, and OCC symbols end in 2099. */
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
        requireWithin("lateRowsUntil", lateRowsUntil, 0, trades);
        requireShare("lateShare", lateShare);
        requireShare("duplicateShare", duplicateShare);
        requireShare("malformedShare", malformedShare);
        if (duplicateShare + malformedShare > MAX_UNUSABLE_SHARE) {
            throw new IllegalArgumentException("duplicateShare and malformedShare must be at most " + MAX_UNUSABLE_SHARE
                    + " together, but are " + duplicateShare + " and " + malformedShare);
        }
    }

    /** With trade ids from 1, and late rows until the last trade. */
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

    /** The same market with other trade ids. */
    public Market withFirstTradeId(long tradeId) {
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
                lateRowsUntil);
    }

    /** The same market whose late rows arrive within the first so many trades. */
    public Market withLateRowsUntil(long trade) {
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
                Math.min(trade, trades));
    }

    /** In UTC, in days since 1970. */
    public static long today() {
        return LocalDate.now(ZoneOffset.UTC).toEpochDay();
    }

    /** The time of the first trade: 14:30 UTC on the last weekday before the day of the run, in microseconds. */
    long open() {
        long weekday = Math.floorMod(epochDay + 3, 7L);
        long daysBack = weekday == 0 ? 3 : weekday == 6 ? 2 : 1;
        return (epochDay - daysBack) * DAY + OPENING;
    }

    long timeOf(long index) {
        return open() + index * TRADE_INTERVAL;
    }

    /** In microseconds. */
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
