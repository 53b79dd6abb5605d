package io.tradeenrichment.cli.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.market.FramingPrefixes;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.settings.SettingsException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TradeByHandTest {
    private static final Instant NOW = Instant.parse("2026-11-20T15:00:00.123456Z");

    @Test
    void idAndTimeDefaultToNow() throws IOException {
        GenericRecord trade = sent(TradeByHand.EXAMPLE);

        assertThat(trade.get("trade_id")).isEqualTo(NOW.toEpochMilli());
        assertThat(trade.get("instrument_id")).isEqualTo(1L);
        assertThat(trade.get("user_id")).isEqualTo(1L);
        assertThat(trade.get("trade_time")).isEqualTo(NOW.toEpochMilli() * 1000 + 456);
        assertThat(trade.get("quantity")).isEqualTo(100L);
        assertThat(trade.get("side")).hasToString("BUY");
        assertThat(price(trade)).isEqualTo("38.050000");
    }

    @Test
    void acceptsTheFieldsInAnyOrder() throws IOException {
        GenericRecord trade = sent("side=SELL, quantity = 7,trade_px=-0.000001,trade_time=1969-12-31T23:59:59Z,"
                + "user_id=3,instrument_id=2,trade_id=-1");

        assertThat(trade.get("trade_id")).isEqualTo(-1L);
        assertThat(trade.get("instrument_id")).isEqualTo(2L);
        assertThat(trade.get("user_id")).isEqualTo(3L);
        assertThat(trade.get("trade_time")).isEqualTo(-1_000_000L);
        assertThat(trade.get("quantity")).isEqualTo(7L);
        assertThat(trade.get("side")).hasToString("SELL");
        assertThat(price(trade)).isEqualTo("-0.000001");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
                    ''                                                  > '' is not a field of a trade
                    price=1                                             > 'price=1' is not a field of a trade
                    instrument_id                                       > 'instrument_id' is not a field of a trade
                    user_id=1                                           > instrument_id is missing
                    user_id=1,user_id=2                                 > user_id is set twice
                    instrument_id=SPY                                   > instrument_id is 'SPY', but takes a whole number
                    instrument_id=1,user_id=1,trade_px=1.0000001        > trade_px is '1.0000001', but takes a price of at most 12 digits and 6 decimals
                    instrument_id=1,user_id=1,trade_px=1000000000000    > trade_px is '1000000000000', but takes a price of at most 12 digits and 6 decimals
                    instrument_id=1,user_id=1,trade_px=1,quantity=1,side=buy > side is 'buy', but takes BUY or SELL
                    instrument_id=1,user_id=1,trade_time=now            > trade_time is 'now', but takes a time such as 2026-11-02T14:30:00Z
                    """)
    void rejectsAnInvalidTradeWithOneSentence(String text, String fault) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> TradeByHand.of(text))
                .withMessage("generate.trade: " + fault + "; write it like " + TradeByHand.EXAMPLE);
    }

    private static GenericRecord sent(String text) throws IOException {
        byte[] value = TradeByHand.of(text).value(FramingPrefixes.SINGLE_OBJECT.of(Feed.TRADES), NOW);
        return new BinaryMessageDecoder<GenericRecord>(new GenericData(), Schemas.TRADE).decode(value);
    }

    private static String price(GenericRecord trade) {
        ByteBuffer digits = ((ByteBuffer) trade.get("trade_px")).duplicate();
        byte[] unscaled = new byte[digits.remaining()];
        digits.get(unscaled);
        return new BigDecimal(new BigInteger(unscaled), 6).toPlainString();
    }
}
