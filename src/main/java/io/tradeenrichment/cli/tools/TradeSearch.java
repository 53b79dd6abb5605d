package io.tradeenrichment.cli.tools;

import io.tradeenrichment.codec.DatumReader;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.layout.FieldPath;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.layout.TradeSchema;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.kafka.sink.DeadLetter;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Finds the output of one trade: the enriched trade, or the dead letter with the trade's bytes. Only the bytes up to the id
 * are read, so a malformed rest does not matter. From a trade whose writer's schema the job could not resolve, only the id
 * is resolved. Not thread-safe.
 */
final class TradeSearch {
    private final String tradeId;
    private final FieldPath path;
    private final KafkaConfig.Topics topics;
    private final Source enrichedTrades;
    private final Source trades;
    private final Source idsOfTrades;
    private @Nullable BinaryDecoder decoder;

    /** @param schema of the datums that the reader returns */
    private record Source(DatumReader datum, Schema schema) {}

    /**
     * @param tradeId an integer in decimal digits, or a text
     * @param readers of enriched trades, of trades, and of {@link #idOnly}
     */
    TradeSearch(String tradeId, KafkaConfig.Topics topics, JobSchemas schemas, Function<Schema, DatumReader> readers) {
        TradeSchema trade = schemas.trade();
        this.tradeId = tradeId;
        this.path = trade.tradeId();
        this.topics = topics;
        this.enrichedTrades = source(schemas.enriched(), readers);
        this.trades = source(trade.schema(), readers);
        this.idsOfTrades = source(idOnly(trade), readers);
    }

    private static Source source(Schema schema, Function<Schema, DatumReader> readers) {
        return new Source(readers.apply(schema), schema);
    }

    /** The reader's schema of a trade's id alone. */
    static Schema idOnly(TradeSchema trade) {
        return only(trade.tradeId().names(), trade.schema());
    }

    private static Schema only(List<String> names, Schema schema) {
        if (names.isEmpty() || schema.getType() == Schema.Type.NULL) {
            return schema;
        }
        if (schema.isUnion()) {
            return Schema.createUnion(schema.getTypes().stream()
                    .map(branch -> only(names, branch))
                    .toList());
        }
        Schema.Field field = schema.getField(names.get(0));
        Schema type = only(names.subList(1, names.size()), field.schema());
        return Schema.createRecord(
                schema.getName(), null, schema.getNamespace(), false, List.of(new Schema.Field(field, type)));
    }

    /** @throws InterruptedException if interrupted during a registry request */
    boolean matches(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
        if (!record.topic().equals(topics.deadLetters())) {
            return hasId(record.value(), enrichedTrades);
        }
        return topics.trades().equals(DeadLetter.of(record).topic())
                && (hasId(record.value(), trades) || hasId(record.value(), idsOfTrades));
    }

    private boolean hasId(byte @Nullable [] value, Source source) throws InterruptedException {
        if (value == null) {
            return false;
        }
        try {
            DatumReader datum = source.datum();
            datum.wrap(value);
            byte[] bytes = datum.bytes();
            decoder = DecoderFactory.get().binaryDecoder(bytes, datum.start(), bytes.length - datum.start(), decoder);
            return tradeId.equals(id(path.names(), source.schema(), decoder));
        } catch (DecodeException | IOException | RuntimeException e) {
            // A record without an id is not the trade.
            return false;
        }
    }

    /** Null if it, or a record around it, is null. */
    private static @Nullable String id(List<String> names, Schema schema, BinaryDecoder in) throws IOException {
        Schema type = schema.isUnion() ? schema.getTypes().get(in.readIndex()) : schema;
        if (names.isEmpty() || type.getType() == Schema.Type.NULL) {
            Object id = new GenericDatumReader<>(type).read(null, in);
            return id == null ? null : id.toString();
        }
        for (Schema.Field field : type.getFields()) {
            if (field.name().equals(names.get(0))) {
                return id(names.subList(1, names.size()), field.schema(), in);
            }
            GenericDatumReader.skip(field.schema(), in);
        }
        throw new IOException("the record has no field " + names.get(0));
    }
}
