package io.tradeenrichment.cli.tools;

import io.tradeenrichment.market.Market;
import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.SettingsException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * The settings of {@code generate}, complete and checked.
 *
 * @param trades 0 for no limit
 * @param rate trades per second; 0 is as fast as possible
 * @param firstTradeId null for the clock in microseconds
 * @param byHand one trade instead of a market; null for a market
 */
record GenerateConfig(
        long trades,
        long rate,
        @Nullable Long firstTradeId,
        long seed,
        int instruments,
        int users,
        double lateShare,
        double duplicateShare,
        double malformedShare,
        @Nullable TradeByHand byHand) {

    /** Well within the time that the job waits for a row, by default. */
    private static final Duration LATEST_ROW = Duration.ofSeconds(10);

    private static final long LATEST_ROW_AT_FULL_SPEED = 1_000_000;
    private static final long HIGHEST_RATE = 10_000_000;

    /** @throws SettingsException if a value, or two together, cannot be used */
    static GenerateConfig from(Configuration configuration) {
        var checked = new CheckedConfiguration(configuration);
        var config = new GenerateConfig(
                checked.between(0, Market.MAX_TRADES, GenerateOptions.TRADES),
                checked.between(0, HIGHEST_RATE, GenerateOptions.RATE),
                checked.isSet(GenerateOptions.FIRST_TRADE_ID)
                        ? (Long) checked.between(0, Long.MAX_VALUE - Market.MAX_TRADES, GenerateOptions.FIRST_TRADE_ID)
                        : null,
                checked.get(GenerateOptions.SEED),
                checked.between(1, Market.MAX_INSTRUMENTS, GenerateOptions.INSTRUMENTS),
                checked.between(1, Market.MAX_USERS, GenerateOptions.USERS),
                checked.share(GenerateOptions.LATE_SHARE),
                checked.share(GenerateOptions.DUPLICATE_SHARE),
                checked.share(GenerateOptions.MALFORMED_SHARE),
                checked.isSet(GenerateOptions.TRADE) ? TradeByHand.of(checked.get(GenerateOptions.TRADE)) : null);
        if (config.duplicateShare + config.malformedShare > Market.MAX_UNUSABLE_SHARE) {
            String key = GenerateOptions.DUPLICATE_SHARE.key();
            throw new SettingsException(
                    key,
                    key + " and " + GenerateOptions.MALFORMED_SHARE.key() + " add up to more than "
                            + Market.MAX_UNUSABLE_SHARE + ", which leaves too few trades to repeat; lower one of them");
        }
        return config;
    }

    /** @param now the day of the market, and the first trade id if none is set */
    Market market(Instant now) {
        return new Market(
                        seed,
                        now.atOffset(ZoneOffset.UTC).toLocalDate().toEpochDay(),
                        trades == 0 ? Market.MAX_TRADES : trades,
                        instruments,
                        users,
                        lateShare,
                        duplicateShare,
                        malformedShare)
                .withFirstTradeId(firstTradeId == null ? ChronoUnit.MICROS.between(Instant.EPOCH, now) : firstTradeId)
                .withLateRowsUntil(rate == 0 ? LATEST_ROW_AT_FULL_SPEED : rate * LATEST_ROW.toSeconds());
    }
}
