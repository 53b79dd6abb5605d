package io.tradeenrichment.codec;

import io.tradeenrichment.codec.schema.Schemas;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Builds an enriched trade field by field from decoded records. */
final class EnrichedByAvro {
    private EnrichedByAvro() {}

    static GenericRecord of(GenericRecord trade, @Nullable GenericRecord instrument, @Nullable GenericRecord user) {
        GenericData.Record enriched = new GenericData.Record(Schemas.ENRICHED_TRADE);
        for (Schema.Field field : Schemas.TRADE.getFields()) {
            enriched.put(field.name(), trade.get(field.name()));
        }
        if (instrument != null) {
            enriched.put("instrument", symbol(instrument));
            enriched.put("instrument_ticker", instrument.get("ticker"));
            enriched.put("instrument_type", instrument.get("type"));
            enriched.put("instrument_strike", instrument.get("strike"));
            enriched.put("instrument_expiry", instrument.get("expiry"));
            enriched.put("instrument_valid_from", instrument.get("valid_from"));
        }
        if (user != null) {
            enriched.put("user", user.get("username"));
            enriched.put("user_valid_from", user.get("valid_from"));
        }
        return enriched;
    }

    private static String symbol(GenericRecord instrument) {
        String ticker = instrument.get("ticker").toString();
        String type = instrument.get("type").toString();
        if (type.equals("STOCK")) {
            return ticker;
        }
        return ticker
                + date(instrument.get("expiry")).format(DateTimeFormatter.ofPattern("yyMMdd"))
                + type.charAt(0)
                + String.format(
                        "%08d",
                        decimal(instrument.get("strike")).movePointRight(3).toBigIntegerExact());
    }

    private static LocalDate date(Object expiry) {
        return expiry instanceof LocalDate date ? date : LocalDate.ofEpochDay((int) expiry);
    }

    private static BigDecimal decimal(Object strike) {
        return strike instanceof ByteBuffer bytes
                ? new BigDecimal(new BigInteger(bytes.array(), bytes.position(), bytes.remaining()), 3)
                : (BigDecimal) strike;
    }
}
