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
 * Sends a generated market: first the snapshot of the dimensions, then trades at the set rate, with updates and late rows
 * between them. After an interrupt it still sends the late rows, so that every trade finds its rows.
 */
final class MarketProducer {
    private final Market market;
    private final MarketFeeds feeds;
    private final RecordSender sender;
    private final SendProgress progress;
    private final BooleanSupplier interrupted;
    private SendCounts sent = SendCounts.NOTHING;
    private long liveInstruments;
    private long liveUsers;

    MarketProducer(
            Market market, MarketFeeds feeds, RecordSender sender, SendProgress progress, BooleanSupplier interrupted) {
        this.market = market;
        this.feeds = feeds;
        this.sender = sender;
        this.progress = progress;
        this.interrupted = interrupted;
    }

    /** Returns when Kafka has all rows of the snapshot. */
    void sendSnapshot() throws IOException {
        for (Dimension dimension : Dimension.BUNDLED) {
            for (SourceRecord row : feeds.snapshot(dimension.feed())) {
                if (interrupted.getAsBoolean()) {
                    return;
                }
                row(dimension, row);
            }
        }
        sender.flush();
    }

    /** Returns when Kafka has all trades, or those before the interrupt. */
    void sendTrades(RateLimiter rate) throws IOException {
        double instrumentsPerTrade = (double) feeds.instrumentRecords() / market.trades();
        double usersPerTrade = (double) feeds.userRecords() / market.trades();
        for (long index = 0; index < market.trades() && isDue(rate); index++) {
            sendRows((long) (index * instrumentsPerTrade), (long) (index * usersPerTrade));
            SourceRecord trade = feeds.trade(index);
            sender.send(Feed.TRADES, trade.key(), trade.value());
            sent = sent.trade(feeds.isDuplicate(index), feeds.isMalformed(index));
            progress.show(sent);
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

    /** Waits until the next trade is due. False if interrupted before. */
    private boolean isDue(RateLimiter rate) {
        for (long nanos = rate.untilNext(); !interrupted.getAsBoolean(); nanos = rate.untilNext()) {
            if (nanos <= 0) {
                rate.advance();
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
        sent = dimension.equals(Dimension.INSTRUMENT) ? sent.instrument() : sent.user();
        progress.show(sent);
    }
}
