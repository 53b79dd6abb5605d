package io.tradeenrichment.cli.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.codec.DatumReader;
import io.tradeenrichment.codec.KnownSchemas;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.model.Dimension;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TradeSearchTest {
    private static final KafkaConfig.Topics TOPICS = new KafkaConfig.Topics(
            "fills", Map.of(Dimension.INSTRUMENT, "instruments", Dimension.USER, "users"), "enriched", "dead", false);

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 300, Long.MAX_VALUE, Long.MIN_VALUE})
    void findsAnEnrichedTradeByItsId(long id) throws Exception {
        TradeSearch search = search(id);
        assertThat(search.matches(record("enriched", datumWithId(Schemas.ENRICHED_TRADE, id))))
                .isTrue();
        assertThat(search.matches(record("enriched", datumWithId(Schemas.ENRICHED_TRADE, id ^ 64))))
                .isFalse();
    }

    @Test
    void findsADeadLetterOfWhichOnlyTheIdIsReadable() throws Exception {
        TradeSearch search = search(77);
        assertThat(search.matches(letter("fills", datumWithId(Schemas.TRADE, 77))))
                .isTrue();
        assertThat(search.matches(letter("fills", datumWithId(Schemas.TRADE, 78))))
                .isFalse();
    }

    /** Without a price, so that the job rejects it. */
    @Test
    void findsATradeWhoseWritersSchemaTheJobCannotResolve() throws Exception {
        Schema writers = SchemaBuilder.record("io.ksql.Trade")
                .fields()
                .optionalString("VENUE")
                .optionalLong("trade_id")
                .optionalLong("trade_px")
                .endRecord();
        byte[] prefix = Framing.SINGLE_OBJECT.prefix(Framing.fingerprint(writers));
        byte[] value = new DatumBuffer()
                .writeRaw(prefix, 0, prefix.length)
                .writeInt(1)
                .writeString("XNAS")
                .writeInt(1)
                .writeLong(77)
                .writeInt(0)
                .toBytes();
        for (long id : new long[] {77, 78}) {
            TradeSearch search = new TradeSearch(
                    Long.toString(id), TOPICS, JobSchemas.bundled(), readers -> reader(readers, writers));
            assertThat(search.matches(letter("fills", value))).isEqualTo(id == 77);
        }
    }

    @Test
    void skipsOtherRecords() throws Exception {
        TradeSearch search = search(77);
        assertThat(search.matches(letter("users", datumWithId(Schemas.TRADE, 77))))
                .isFalse();
        assertThat(search.matches(letter("fills", datumWithId(Schemas.USER, 77))))
                .isFalse();
        assertThat(search.matches(letter("fills", null))).isFalse();
        assertThat(search.matches(letter("fills", new byte[] {1}))).isFalse();
        assertThat(search.matches(letter("fills", Framing.SINGLE_OBJECT.prefix(Framing.fingerprint(Schemas.TRADE)))))
                .isFalse();
        assertThat(search.matches(record("dead", datumWithId(Schemas.TRADE, 77))))
                .isFalse();
        assertThat(search.matches(record("enriched", null))).isFalse();
    }

    private static TradeSearch search(long id) {
        return new TradeSearch(Long.toString(id), TOPICS, JobSchemas.bundled(), schema -> reader(schema, schema));
    }

    private static DatumReader reader(Schema readers, Schema writers) {
        return new DatumReader(Framing.SINGLE_OBJECT, KnownSchemas.of(List.of(writers)), readers, Integer.MAX_VALUE);
    }

    /** Only its id. */
    private static byte[] datumWithId(Schema schema, long id) {
        byte[] prefix = Framing.SINGLE_OBJECT.prefix(Framing.fingerprint(schema));
        return new DatumBuffer()
                .writeRaw(prefix, 0, prefix.length)
                .writeLong(id)
                .toBytes();
    }

    private static ConsumerRecord<byte[], byte[]> letter(String from, byte @Nullable [] value) {
        ConsumerRecord<byte[], byte[]> letter = record("dead", value);
        letter.headers().add("__connect.errors.topic", from.getBytes(StandardCharsets.UTF_8));
        return letter;
    }

    private static ConsumerRecord<byte[], byte[]> record(String topic, byte @Nullable [] value) {
        return new ConsumerRecord<>(topic, 0, 1, null, value);
    }
}
