package io.tradeenrichment.codec;

import io.tradeenrichment.codec.binary.QuotedText;
import io.tradeenrichment.codec.schema.Schemas;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;

/** Formats an enriched trade for display. Slow: Apache Avro decodes the whole record. */
public final class EnrichedTradeText {
    private static final int PRICE_SCALE = 6;
    private final GenericDatumReader<GenericRecord> reader = new GenericDatumReader<>(Schemas.ENRICHED_TRADE);

    /**
     * {@code {trade_id: 1, user: "DiamondHands", trade_px: 100, side: BUY, instrument: "SPY271119C00200000"}}
     *
     * @param value the datum, from {@code start} to the end of the array
     */
    public String of(byte[] value, int start) throws IOException {
        return of(reader.read(null, DecoderFactory.get().binaryDecoder(value, start, value.length - start, null)));
    }

    public static String of(GenericRecord trade) {
        ByteBuffer digits = ((ByteBuffer) trade.get("trade_px")).duplicate();
        byte[] unscaled = new byte[digits.remaining()];
        digits.get(unscaled);
        BigDecimal price = new BigDecimal(new BigInteger(unscaled), PRICE_SCALE).stripTrailingZeros();
        return "{trade_id: " + trade.get("trade_id") + ", user: " + QuotedText.of(trade.get("user")) + ", trade_px: "
                + price.toPlainString() + ", side: " + trade.get("side") + ", instrument: "
                + QuotedText.of(trade.get("instrument")) + "}";
    }
}
