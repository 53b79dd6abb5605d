package io.tradeenrichment.cli.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.codec.ApacheAvro;
import io.tradeenrichment.codec.DatumReader;
import io.tradeenrichment.codec.KnownSchemas;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.layout.FieldPath;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.layout.TradeSchema;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.model.Dimension;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TradeSearchTest {
    private static final KafkaConfig.Topics TOPICS =
            new KafkaConfig.Topics("fills", "instruments", "users", "enriched", "dead", false);

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
    void findsATextIdInANestedRecord() throws Exception {
        Schema fill = new Schema.Parser().parse("""
                {"type": "record", "name": "Fill", "fields": [
                  {"name": "legs", "type": {"type": "array", "items": "long"}}, {"name": "at", "type": "long"},
                  {"name": "order", "type": ["null", {"type": "record", "name": "Order", "fields": [
                    {"name": "px", "type": "double"}, {"name": "exec_id", "type": ["string", "null"]}]}]},
                  {"name": "user_id", "type": "long"}]}
                """);
        var trade = new TradeSchema(
                fill, FieldPath.of("order.exec_id"), FieldPath.of("at"), List.of(FieldPath.of("user_id")));
        JobSchemas schemas = new JobSchemas(trade, List.of(JobSchemas.bundled().row(Dimension.USER)));
        byte[] prefix = Framing.SINGLE_OBJECT.prefix(Framing.fingerprint(schemas.enriched()));
        byte[] value = ApacheAvro.written(encoder -> {
            encoder.writeFixed(prefix);
            encoder.writeInt(0);
            encoder.writeLong(5);
            encoder.writeIndex(1);
            encoder.writeDouble(1.5);
            encoder.writeIndex(0);
            encoder.writeString("X-1");
        });
        for (String id : List.of("X-1", "X-2")) {
            TradeSearch search = new TradeSearch(
                    id,
                    TOPICS,
                    schemas,
                    readers -> new DatumReader(
                            Framing.SINGLE_OBJECT,
                            KnownSchemas.of(List.of(schemas.enriched(), fill), List.of(), schemas),
                            readers,
                            Integer.MAX_VALUE));
            assertThat(search.matches(record("enriched", value))).isEqualTo(id.equals("X-1"));
        }
        assertThat(TradeSearch.idOnly(trade)
                        .getField("order")
                        .schema()
                        .getTypes()
                        .get(1)
                        .getFields())
                .extracting(Schema.Field::name)
                .containsExactly("exec_id");
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
