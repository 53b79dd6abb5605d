package io.tradeenrichment.codec;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;

/** An enriched trade in people's form, read by Apache Avro itself. For display only: it decodes the whole record. */
public final class EnrichedTradeText {
    private static final int PRICE_SCALE = 6;
    private final GenericDatumReader<GenericRecord> reader = new GenericDatumReader<>(Schemas.ENRICHED_TRADE);

    /**
     * {@code {trade_id: 1, user: "DiamondHands", trade_px: 100, side: BUY, instrument: "SPY271119C00200000"}}
     *
     * @param value holds the datum from {@code start} to the array's end
     */
    public String of(byte[] value, int start) throws IOException {
        return of(reader.read(null, DecoderFactory.get().binaryDecoder(value, start, value.length - start, null)));
    }

    /** The same for a record that was read already. */
    public static String of(GenericRecord trade) {
        ByteBuffer digits = ((ByteBuffer) trade.get("trade_px")).duplicate();
        byte[] unscaled = new byte[digits.remaining()];
        digits.get(unscaled);
        BigDecimal price = new BigDecimal(new BigInteger(unscaled), PRICE_SCALE).stripTrailingZeros();
        return "{trade_id: " + trade.get("trade_id") + ", user: " + Quoted.text(trade.get("user")) + ", trade_px: "
                + price.toPlainString() + ", side: " + trade.get("side") + ", instrument: "
                + Quoted.text(trade.get("instrument")) + "}";
    }
}
