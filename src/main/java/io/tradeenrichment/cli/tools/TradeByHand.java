package io.tradeenrichment.cli.tools;

import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.settings.SettingsException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One trade, as text in the setting {@code generate.trade}.
 *
 * @param tradeId null for the time of sending in milliseconds
 * @param tradeTime null for the time of sending
 * @param price in millionths
 */
record TradeByHand(
        @Nullable Long tradeId,
        long instrumentId,
        long userId,
        @Nullable Instant tradeTime,
        long price,
        long quantity,
        boolean buy) {
    static final String EXAMPLE = "instrument_id=1,user_id=1,trade_px=38.05,quantity=100,side=BUY";

    private static final String KEY = GenerateOptions.TRADE.key();
    private static final List<String> FIELDS =
            List.of("trade_id", "instrument_id", "user_id", "trade_time", "trade_px", "quantity", "side");
    private static final int SCALE = 6;
    private static final int PRECISION = 18;

    /** @throws SettingsException if the text is not of the form {@value #EXAMPLE} */
    static TradeByHand of(String text) {
        Map<String, String> fields = new HashMap<>();
        for (String field : text.split(",", -1)) {
            String[] parts = field.split("=", 2);
            String name = parts[0].strip();
            if (parts.length != 2 || !FIELDS.contains(name)) {
                throw invalid("'" + field.strip() + "' is not a field of a trade");
            }
            if (fields.put(name, parts[1].strip()) != null) {
                throw invalid(name + " is set twice");
            }
        }
        return new TradeByHand(
                fields.containsKey("trade_id") ? number(fields, "trade_id") : null,
                number(fields, "instrument_id"),
                number(fields, "user_id"),
                fields.containsKey("trade_time")
                        ? read(fields, "trade_time", "a time such as 2026-11-02T14:30:00Z", Instant::parse)
                        : null,
                read(fields, "trade_px", "a price of at most 12 digits and 6 decimals", TradeByHand::millionths),
                number(fields, "quantity"),
                read(fields, "side", "BUY or SELL", TradeByHand::isBuy));
    }

    /** By default the clock in milliseconds, which is below every id of a generated market. */
    long tradeId(Instant now) {
        return tradeId == null ? now.toEpochMilli() : tradeId;
    }

    /** The datum after the prefix. */
    byte[] value(byte[] prefix, Instant now) {
        return new DatumBuffer()
                .writeRaw(prefix, 0, prefix.length)
                .writeLong(tradeId(now))
                .writeLong(instrumentId)
                .writeLong(userId)
                .writeLong(ChronoUnit.MICROS.between(Instant.EPOCH, tradeTime == null ? now : tradeTime))
                .writeDecimal(price)
                .writeLong(quantity)
                .writeInt(buy ? 0 : 1)
                .toBytes();
    }

    private static long number(Map<String, String> fields, String name) {
        return read(fields, name, "a whole number", Long::valueOf);
    }

    private static long millionths(String text) {
        BigDecimal price = new BigDecimal(text).setScale(SCALE);
        if (price.precision() > PRECISION) {
            throw new ArithmeticException();
        }
        return price.unscaledValue().longValueExact();
    }

    private static boolean isBuy(String text) {
        return switch (text) {
            case "BUY" -> true;
            case "SELL" -> false;
            default -> throw new IllegalArgumentException();
        };
    }

    private static <T> T read(Map<String, String> fields, String name, String what, Function<String, T> reading) {
        String text = fields.get(name);
        if (text == null) {
            throw invalid(name + " is missing");
        }
        try {
            return reading.apply(text);
        } catch (IllegalArgumentException | ArithmeticException | DateTimeParseException e) {
            throw invalid(name + " is '" + text + "', but takes " + what);
        }
    }

    private static SettingsException invalid(String fault) {
        return new SettingsException(KEY, KEY + ": " + fault + "; write it like " + EXAMPLE);
    }
}
