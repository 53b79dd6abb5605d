package io.tradeenrichment.cli.tools;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tradeenrichment.codec.DatumReader;
import io.tradeenrichment.codec.KnownSchemas;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.codec.schema.Schemas;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordLineTest {
    private static final byte[] PREFIX = Framing.SINGLE_OBJECT.prefix(Framing.fingerprint(Schemas.ENRICHED_TRADE));

    private final RecordLine text = new TextLine("dead", reader(), Schemas.ENRICHED_TRADE);
    private final RecordLine json = new JsonLine("dead", reader(), Schemas.ENRICHED_TRADE);

    @Test
    void printsAnEnrichedTradeInReadableForm() throws Exception {
        assertThat(text.of(record("enriched", DatumBuffer.key(5), enriched("DiamondHands"))))
                .isEqualTo("{trade_id: 1, user: \"DiamondHands\", trade_px: 100, side: BUY, instrument: \"SPY\"}");
    }

    @Test
    void jsonHasEveryColumnWithTopicPartitionAndOffset() throws Exception {
        JsonNode line = new ObjectMapper().readTree(json.of(record("enriched", DatumBuffer.key(5), enriched("ann"))));

        assertThat(line.get("topic").asText()).isEqualTo("enriched");
        assertThat(line.get("offset").asLong()).isEqualTo(42);
        assertThat(line.get("trade_id").asLong()).isEqualTo(1);
        assertThat(line.get("trade_time").asText()).isEqualTo("1970-01-01T00:00:02Z");
        assertThat(line.get("trade_px").isTextual()).isTrue();
        assertThat(line.get("trade_px").asText()).isEqualTo("100.000000");
        assertThat(line.get("instrument_type").asText()).isEqualTo("STOCK");
        assertThat(line.get("instrument_strike").isNull()).isTrue();
        assertThat(line.get("user").asText()).isEqualTo("ann");
    }

    @Test
    void printsReasonOriginAndFirstBytesOfADeadLetter() throws Exception {
        ConsumerRecord<byte[], byte[]> letter =
                letter(DatumBuffer.key(5), new byte[20], Map.of("exception.message", "the value ends too early"));

        assertThat(text.of(letter))
                .isEqualTo("{dead_letter: \"MALFORMED\", message: \"the value ends too early\","
                        + " from: \"trades-3@1042\", key_id: 5, size: 20,"
                        + " bytes: 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 …}");
    }

    @Test
    void printsADeadLetterWithoutKeyOrValue() throws Exception {
        assertThat(text.of(letter(null, null, Map.of("exception.message", "x"))))
                .endsWith("key_id: null, size: null}");
        assertThat(text.of(letter(new byte[] {1, (byte) 0xFF}, new byte[0], Map.of("exception.message", "x"))))
                .endsWith("key: 01 FF, size: 0, bytes: none}");
    }

    @Test
    void printsForeignRecordsAsFarAsPossible() throws Exception {
        assertThat(text.of(record("dead", null, new byte[] {7})))
                .isEqualTo("{dead_letter: null, message: null, from: null, key_id: null, size: 1, bytes: 07}");
    }

    @Test
    void jsonHasAllBytesOfADeadLetter() throws Exception {
        JsonNode line = new ObjectMapper()
                .readTree(json.of(letter(new byte[] {1}, new byte[300], Map.of("exception.message", "m"))));

        assertThat(line.get("reason").asText()).isEqualTo("MALFORMED");
        assertThat(line.get("from_offset").asText()).isEqualTo("1042");
        assertThat(line.get("key").binaryValue()).containsExactly(1);
        assertThat(line.get("value").binaryValue()).hasSize(300);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\u001B[2J", "\u202E", "\u2066", "\u2028", "\u0000", "\u200B"})
    void noTextBreaksTheLineOrControlsTheTerminal(String trick) throws Exception {
        String shown = text.of(record("enriched", null, enriched("a" + trick + "b")))
                + text.of(letter(null, null, Map.of("exception.message", "a" + trick + "b")));

        assertThat(shown).doesNotContain(trick).contains(String.format("a\\u%04X", (int) trick.charAt(0)));
        assertThat(json.of(record("enriched", null, enriched("a" + trick + "b"))))
                .doesNotContain(trick);
    }

    @Test
    void truncatesALongText() throws Exception {
        assertThat(text.of(record("enriched", null, enriched("x".repeat(100_000)))))
                .hasSizeLessThan(600)
                .contains("x…\"");
        assertThat(text.of(record("enriched", null, enriched("y".repeat(400))))).contains("y".repeat(400) + "\"");
    }

    @Test
    void printsBytesThatAreNotAnEnrichedTradeAsUnreadable() throws Exception {
        byte[] cut = new byte[PREFIX.length + 1];
        System.arraycopy(PREFIX, 0, cut, 0, PREFIX.length);

        assertThat(text.of(record("enriched", DatumBuffer.key(9), cut)))
                .startsWith("{unreadable: \"enriched-2@42\", message: \"it is not an enriched trade: ")
                .contains("key_id: 9, size: 11, bytes: C3 01 ");
        assertThat(text.of(record("enriched", null, new byte[] {1})))
                .contains("too few for the 10 of single-object framing");
        assertThat(text.of(record("enriched", null, null))).contains("it has no value");
        assertThat(json.of(record("enriched", null, cut))).contains("\"unreadable\":");
    }

    private static DatumReader reader() {
        return new DatumReader(
                Framing.SINGLE_OBJECT,
                KnownSchemas.of(List.of(Schemas.ENRICHED_TRADE)),
                Schemas.ENRICHED_TRADE,
                Integer.MAX_VALUE);
    }

    private static byte[] enriched(String user) {
        return new DatumBuffer()
                .writeRaw(PREFIX, 0, PREFIX.length)
                .writeLong(1)
                .writeLong(5)
                .writeLong(7)
                .writeLong(2_000_000)
                .writeDecimal(100_000_000)
                .writeLong(3)
                .writeInt(0)
                .writeInt(1)
                .writeString("SPY")
                .writeInt(1)
                .writeString("SPY")
                .writeInt(1)
                .writeInt(2)
                .writeInt(0)
                .writeInt(0)
                .writeInt(1)
                .writeLong(0)
                .writeInt(1)
                .writeString(user)
                .writeInt(1)
                .writeLong(0)
                .toBytes();
    }

    private static ConsumerRecord<byte[], byte[]> letter(byte[] key, byte[] value, Map<String, String> connect) {
        ConsumerRecord<byte[], byte[]> letter = record("dead", key, value);
        letter.headers().add("__connect.errors.topic", "an earlier death".getBytes(StandardCharsets.UTF_8));
        add(letter, "trade-enrichment.reason", "MALFORMED");
        add(letter, "__connect.errors.topic", "trades");
        add(letter, "__connect.errors.partition", "3");
        add(letter, "__connect.errors.offset", "1042");
        connect.forEach((name, text) -> add(letter, "__connect.errors." + name, text));
        return letter;
    }

    private static void add(ConsumerRecord<byte[], byte[]> letter, String name, String text) {
        letter.headers().add(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static ConsumerRecord<byte[], byte[]> record(String topic, byte[] key, byte[] value) {
        return new ConsumerRecord<>(topic, 2, 42, key, value);
    }
}
