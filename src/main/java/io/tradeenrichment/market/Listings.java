package io.tradeenrichment.market;

import io.tradeenrichment.codec.binary.DatumBuffer;

/**
 * The instruments by id. Every twentieth is a stock: first the well-known ones, then funds with five letters. The others
 * are options on the well-known stocks: with the id, the time to expiry and the distance of the strike from the price
 * grow. The symbols are unique.
 */
final class Listings implements RowContent {
    private static final Underlying[] UNDERLYINGS = {
        new Underlying("SPY", 200), new Underlying("QQQ", 370), new Underlying("IWM", 195),
        new Underlying("DIA", 350), new Underlying("AAPL", 190), new Underlying("MSFT", 370),
        new Underlying("NVDA", 480), new Underlying("AMZN", 145), new Underlying("GOOGL", 135),
        new Underlying("META", 330), new Underlying("TSLA", 240), new Underlying("AMD", 120),
        new Underlying("INTC", 44), new Underlying("NFLX", 470), new Underlying("DIS", 94),
        new Underlying("BA", 215), new Underlying("JPM", 150), new Underlying("BAC", 30),
        new Underlying("GS", 340), new Underlying("WFC", 42), new Underlying("C", 46),
        new Underlying("V", 250), new Underlying("MA", 400), new Underlying("PYPL", 58),
        new Underlying("KO", 58), new Underlying("PEP", 168), new Underlying("MCD", 280),
        new Underlying("WMT", 156), new Underlying("COST", 590), new Underlying("HD", 310),
        new Underlying("NKE", 107), new Underlying("XOM", 104), new Underlying("CVX", 145),
        new Underlying("PFE", 30), new Underlying("JNJ", 152), new Underlying("UNH", 540),
        new Underlying("GME", 15), new Underlying("AMC", 8), new Underlying("PLTR", 19),
        new Underlying("F", 11),
    };
    private static final int STOCK_EVERY = 20;
    private static final int FUNDS = 26 * 26 * 26 * 26;
    /** Coprime to the number of funds, so that the letters are unique. */
    private static final int FUND_STRIDE = 263_267;

    private static final int CALL = 0;
    private static final int PUT = 1;
    private static final int STOCK = 2;
    private static final int NULL = 0;
    private static final int PRESENT = 1;
    /** One in so many revisions is adjusted: after a corporate action the OCC adds a digit to the option's root. */
    private static final int ADJUSTED_ONE_IN = 50;

    private static final long TICK = 10_000;

    private final long firstFriday;

    /** @param epochDay every option expires after this day */
    Listings(long epochDay) {
        this.firstFriday = epochDay + 7 - Math.floorMod(epochDay - 1, 7L);
    }

    @Override
    public void write(long id, long validFrom, long revision, DatumBuffer into) {
        into.writeLong(id).writeLong(validFrom);
        if (isStock(id)) {
            into.writeString(stockTicker(stock(id)))
                    .writeInt(STOCK)
                    .writeInt(NULL)
                    .writeInt(NULL);
        } else {
            writeOption(option(id), revision, into);
        }
    }

    /** A positive price of the instrument, in millionths like the price of a trade. */
    static long price(long id, long random) {
        if (isStock(id)) {
            int dollars = stockPrice(stock(id));
            return (dollars * 98L + IndexedRandom.scale(random, dollars * 4L + 1)) * TICK;
        }
        int dollars = underlying(option(id)).price;
        return (5 + IndexedRandom.scale(random, dollars * 10L)) * TICK;
    }

    private void writeOption(long option, long revision, DatumBuffer into) {
        Underlying underlying = underlying(option);
        long rest = option / UNDERLYINGS.length;
        int type = rest % 2 == 0 ? CALL : PUT;
        // Enumerates the grid of weeks and strikes by diagonals.
        long cell = rest / 2;
        long diagonal = (long) ((Math.sqrt(8.0 * cell + 1) - 1) / 2);
        long week = cell - diagonal * (diagonal + 1) / 2;
        boolean adjusted = revision != ORIGINAL && Math.floorMod(revision, ADJUSTED_ONE_IN) == 0;
        into.writeString(adjusted ? underlying.ticker + "1" : underlying.ticker)
                .writeInt(type)
                .writeInt(PRESENT)
                .writeDecimal(underlying.strike(diagonal - week))
                .writeInt(PRESENT)
                .writeLong(firstFriday + 7 * week);
    }

    private static boolean isStock(long id) {
        return (id - 1) % STOCK_EVERY == 0;
    }

    /** The index among the stocks. */
    private static long stock(long id) {
        return (id - 1) / STOCK_EVERY;
    }

    /** The index among the options. */
    private static long option(long id) {
        return id - 2 - stock(id);
    }

    private static Underlying underlying(long option) {
        return UNDERLYINGS[(int) (option % UNDERLYINGS.length)];
    }

    private static String stockTicker(long stock) {
        if (stock < UNDERLYINGS.length) {
            return UNDERLYINGS[(int) stock].ticker;
        }
        long letters = stock * FUND_STRIDE % FUNDS;
        char[] ticker = {'A', 'A', 'A', 'A', 'X'};
        for (int i = 3; i >= 0; i--) {
            ticker[i] = (char) ('A' + letters % 26);
            letters /= 26;
        }
        return new String(ticker);
    }

    private static int stockPrice(long stock) {
        return stock < UNDERLYINGS.length ? UNDERLYINGS[(int) stock].price : 10 + (int) (stock * 7919 % 490);
    }

    /** @param price in dollars */
    private record Underlying(String ticker, int price) {

        /** In thousandths: first the strike nearest to the price, then alternately above and below, then only above. */
        long strike(long step) {
            long interval = price < 25 ? 500 : price < 100 ? 1000 : price < 200 ? 2500 : 5000;
            long nearest = (price * 1000L + interval / 2) / interval;
            if (step >= 2 * nearest - 1) {
                return (step + 1) * interval;
            }
            long away = (step + 1) / 2;
            return (step % 2 == 1 ? nearest + away : nearest - away) * interval;
        }
    }
}
