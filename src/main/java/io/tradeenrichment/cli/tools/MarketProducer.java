package io.tradeenrichment.cli.tools;

import io.tradeenrichment.market.Market;
import io.tradeenrichment.market.MarketFeeds;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.SourceRecord;
import java.io.IOException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Sends a generated market: first the rows that stand, then trades at their pace with the other rows beside them. One
 * that is broken off still sends the rows that were late, so that every trade finds its own.
 */
final class MarketProducer {
    private final Market market;
    private final MarketFeeds feeds;
    private final RecordSender sender;
    private final ProgressLine progress;
    private final BooleanSupplier brokenOff;
    private SendCounts sent = SendCounts.NOTHING;
    private long liveInstruments;
    private long liveUsers;

    MarketProducer(
            Market market, MarketFeeds feeds, RecordSender sender, ProgressLine progress, BooleanSupplier brokenOff) {
        this.market = market;
        this.feeds = feeds;
        this.sender = sender;
        this.progress = progress;
        this.brokenOff = brokenOff;
    }

    /** Returns when all of them are written. */
    void sendStandingRows() throws IOException {
        for (Dimension dimension : Dimension.values()) {
            for (SourceRecord row : feeds.snapshot(dimension.feed())) {
                if (brokenOff.getAsBoolean()) {
                    return;
                }
                row(dimension, row);
            }
        }
        sender.flush();
    }

    /** Returns when all of them are written, or those that were sent before it was broken off. */
    void sendTrades(RateLimiter pace) throws IOException {
        double instrumentsPerTrade = (double) feeds.instrumentRecords() / market.trades();
        double usersPerTrade = (double) feeds.userRecords() / market.trades();
        for (long index = 0; index < market.trades() && isDue(pace); index++) {
            sendRows((long) (index * instrumentsPerTrade), (long) (index * usersPerTrade));
            SourceRecord trade = feeds.trade(index);
            sender.send(Feed.TRADES, trade.key(), trade.value());
            sent = sent.trade(feeds.isDuplicate(index), feeds.isMalformed(index));
            progress.say(sent);
        }
        if (sent.trades() == market.trades()) {
            sendRows(feeds.instrumentRecords(), feeds.userRecords());
        } else if (sent.trades() > 0) {
            sendRows(feeds.recordsUntilComplete(Dimension.INSTRUMENT), feeds.recordsUntilComplete(Dimension.USER));
        }
        sender.flush();
    }

    SendCounts sent() {
        return sent;
    }

    /** Waits for the next trade's time. False if it is broken off before. */
    private boolean isDue(RateLimiter pace) {
        for (long nanos = pace.untilNext(); !brokenOff.getAsBoolean(); nanos = pace.untilNext()) {
            if (nanos <= 0) {
                pace.taken();
                return true;
            }
            LockSupport.parkNanos(nanos);
        }
        return false;
    }

    private void sendRows(long instruments, long users) throws IOException {
        while (liveInstruments < instruments) {
            row(Dimension.INSTRUMENT, feeds.instrument(liveInstruments++));
        }
        while (liveUsers < users) {
            row(Dimension.USER, feeds.user(liveUsers++));
        }
    }

    private void row(Dimension dimension, SourceRecord row) throws IOException {
        sender.send(dimension.feed(), row.key(), row.value());
        sent = dimension == Dimension.INSTRUMENT ? sent.instrument() : sent.user();
        progress.say(sent);
    }
}
