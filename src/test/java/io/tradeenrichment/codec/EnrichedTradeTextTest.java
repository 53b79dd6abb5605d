package io.tradeenrichment.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradeenrichment.codec.schema.Schemas;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EnrichedTradeTextTest {
    private final EnrichedTradeText text = new EnrichedTradeText(Schemas.ENRICHED_TRADE);

    @Test
    void showsNamesInsteadOfIds() throws IOException {
        GenericRecord spy = RandomRecords.record(
                Schemas.INSTRUMENT,
                5L,
                Instant.EPOCH,
                "SPY",
                RandomRecords.instrumentType("CALL"),
                new BigDecimal("200.000"),
                LocalDate.of(2027, 11, 19));
        assertThat(text("100", spy, user("DiamondHands")))
                .isEqualTo("{trade_id: 1, user: \"DiamondHands\", trade_px: 100, side: BUY,"
                        + " instrument: \"SPY271119C00200000\"}");
    }

    @Test
    void showsMissingValuesAsNull() throws IOException {
        assertThat(text("100", null, null))
                .isEqualTo("{trade_id: 1, user: null, trade_px: 100, side: BUY, instrument: null}");
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0.000001, 0.000001", "-12.500000, -12.5", "999999999999.999999, 999999999999.999999"})
    void showsThePriceInPlainDigits(String price, String shown) throws IOException {
        assertThat(text(price, null, null)).contains("trade_px: " + shown + ",");
    }

    @Test
    void escapesQuotesAndBackslashes() throws IOException {
        assertThat(text("100", null, user("a\"b\\c"))).contains("user: \"a\\\"b\\\\c\",");
    }

    @Test
    void escapesControlCharacters() throws IOException {
        assertThat(text("100", null, user("a\n\u001b[2Jb"))).contains("user: \"a\\u000A\\u001B[2Jb\",");
    }

    @Test
    void distinguishesTheTextNullFromAMissingName() throws IOException {
        assertThat(text("100", null, user("null"))).contains("user: \"null\",");
    }

    @Test
    void showsADecodedRecordRepeatedly() throws IOException {
        GenericRecord record = ApacheAvro.decode(ApacheAvro.RAW, Schemas.ENRICHED_TRADE, enriched("7.5", null, null));
        assertThat(text.of(record)).isEqualTo(text.of(record)).contains("trade_px: 7.5,");
    }

    @Test
    void showsEveryFieldOfAnotherSchema() throws IOException {
        Schema schema = new Schema.Parser().parse("""
                {"type": "record", "name": "EnrichedFill", "fields": [
                  {"name": "id", "type": ["null", "string"]},
                  {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                  {"name": "local", "type": {"type": "long", "logicalType": "local-timestamp-micros"}},
                  {"name": "day", "type": ["int", "null"], "logicalType": "date"},
                  {"name": "fee", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
                  {"name": "raw", "type": "bytes"},
                  {"name": "legs", "type": {"type": "array", "items": {"type": "record", "name": "Leg", "fields": [
                    {"name": "ok", "type": "boolean"}, {"name": "px", "type": "double"}]}}},
                  {"name": "tags", "type": {"type": "map", "values": ["null", "long"]}}]}
                """);
        GenericRecord leg =
                RandomRecords.record(schema.getField("legs").schema().getElementType(), true, 1.5);
        GenericRecord fill = RandomRecords.record(
                schema,
                "A\n1",
                1_764_322_200_250L,
                1L,
                20_000,
                ByteBuffer.wrap(new byte[] {4, (byte) 0xD2}),
                ByteBuffer.wrap(new byte[] {0, (byte) 0xFF}),
                List.of(leg, leg),
                Map.of("k", 7L));
        byte[] datum = ApacheAvro.encode(ApacheAvro.RAW, fill);
        assertThat(new EnrichedTradeText(schema).of(datum, 0))
                .isEqualTo("{id: \"A\\u000A1\", at: 2025-11-28T09:30:00.250Z, local: 1970-01-01T00:00:00.000001,"
                        + " day: 2024-10-04, fee: 12.34, raw: \"00FF\", legs: [{ok: true, px: 1.5}, {ok: true, px: 1.5}],"
                        + " tags: {\"k\": 7}}");
    }

    @Test
    void rejectsATruncatedDatum() {
        byte[] good = enriched("100", null, user("x"));
        assertThatThrownBy(() -> text.of(Arrays.copyOf(good, good.length - 1), 0))
                .isInstanceOf(IOException.class);
    }

    private String text(String price, @Nullable GenericRecord instrument, @Nullable GenericRecord user)
            throws IOException {
        byte[] datum = enriched(price, instrument, user);
        byte[] framed = new byte[datum.length + 10];
        System.arraycopy(datum, 0, framed, 10, datum.length);
        return text.of(framed, 10);
    }

    private static byte[] enriched(String price, @Nullable GenericRecord instrument, @Nullable GenericRecord user) {
        GenericRecord trade = RandomRecords.record(
                Schemas.TRADE,
                1L,
                5L,
                7L,
                Instant.EPOCH,
                new BigDecimal(price).setScale(6),
                100L,
                new GenericData.EnumSymbol(Schemas.TRADE.getField("side").schema(), "BUY"));
        return ApacheAvro.encode(ApacheAvro.LOGICAL, EnrichedByAvro.of(trade, instrument, user));
    }

    private static GenericRecord user(String name) {
        return RandomRecords.record(Schemas.USER, 7L, Instant.EPOCH, name);
    }
}
