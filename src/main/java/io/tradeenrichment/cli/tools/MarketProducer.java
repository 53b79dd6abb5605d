package io.tradeenrichment.cli.tools;

import io.tradeenrichment.market.Market;
import io.tradeenrichment.market.MarketFeeds;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.SourceRecord;
import java.io.IOException;
import java.util.List;
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
    private final List<Dimension> dimensions;
    private final SendCounts sent;
    /** The number of live records that were sent, of each dimension. */
    private final long[] live;

    /** @param dimensions those whose rows are sent */
    MarketProducer(
            Market market,
            MarketFeeds feeds,
            List<Dimension> dimensions,
            RecordSender sender,
            SendProgress progress,
            BooleanSupplier interrupted) {
        this.market = market;
        this.feeds = feeds;
        this.dimensions = dimensions;
        this.sender = sender;
        this.progress = progress;
        this.interrupted = interrupted;
        this.sent = new SendCounts(dimensions);
        this.live = new long[dimensions.size()];
    }

    /** Returns when Kafka has all rows of the snapshot. */
    void sendSnapshot() throws IOException {
        for (int i = 0; i < live.length; i++) {
            for (SourceRecord row : feeds.snapshot(dimensions.get(i).feed())) {
                if (interrupted.getAsBoolean()) {
                    return;
                }
                row(i, row);
            }
        }
        sender.flush();
    }

    /** Returns when Kafka has all trades, or those before the interrupt. */
    void sendTrades(RateLimiter rate) throws IOException {
        double[] perTrade = new double[live.length];
        for (int i = 0; i < live.length; i++) {
            perTrade[i] = (double) feeds.liveRecords(dimensions.get(i)) / market.trades();
        }
        for (long index = 0; index < market.trades() && isDue(rate); index++) {
            for (int i = 0; i < live.length; i++) {
                sendRows(i, (long) (index * perTrade[i]));
            }
            SourceRecord trade = feeds.trade(index);
            sender.send(Feed.TRADES, trade.key(), trade.value());
            sent.addTrade(feeds.isDuplicate(index), feeds.isMalformed(index));
            progress.show(sent);
        }
        boolean complete = sent.trades() == market.trades();
        for (int i = 0; i < live.length && sent.trades() > 0; i++) {
            Dimension dimension = dimensions.get(i);
            sendRows(i, complete ? feeds.liveRecords(dimension) : feeds.recordsUntilComplete(dimension));
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

    /** @param dimension its index */
    private void sendRows(int dimension, long count) throws IOException {
        while (live[dimension] < count) {
            row(dimension, feeds.live(dimensions.get(dimension), live[dimension]++));
        }
    }

    private void row(int dimension, SourceRecord row) throws IOException {
        sender.send(row.feed(), row.key(), row.value());
        sent.addRow(dimension);
        progress.show(sent);
    }
}
