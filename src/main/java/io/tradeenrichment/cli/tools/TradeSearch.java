package io.tradeenrichment.cli.tools;

import io.tradeenrichment.codec.DatumReader;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.kafka.sink.DeadLetter;
import java.io.IOException;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/**
 * Finds the records that a trade of one id became: the enriched trade, or the dead letter with the trade's own bytes. Both
 * begin with the id, so it is found even where the rest is malformed. Of a trade in another writer's schema that the job
 * could not read, only the id is asked for. One thread at a time.
 */
final class TradeSearch {
    /** A trade of which nothing but the id is read. */
    static final Schema ID_ONLY = SchemaBuilder.record(Schemas.TRADE.getFullName())
            .fields()
            .requiredLong("trade_id")
            .endRecord();

    private final long tradeId;
    private final KafkaConfig.Topics topics;
    private final DatumReader enrichedTrades;
    private final DatumReader trades;
    private final DatumReader idsOfTrades;
    private @Nullable BinaryDecoder decoder;

    /** @param idsOfTrades reads {@link #ID_ONLY} */
    TradeSearch(
            long tradeId,
            KafkaConfig.Topics topics,
            DatumReader enrichedTrades,
            DatumReader trades,
            DatumReader idsOfTrades) {
        this.tradeId = tradeId;
        this.topics = topics;
        this.enrichedTrades = enrichedTrades;
        this.trades = trades;
        this.idsOfTrades = idsOfTrades;
    }

    /** @throws InterruptedException if it was interrupted while a registry was asked */
    boolean finds(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
        if (!record.topic().equals(topics.deadLetters())) {
            return begins(record.value(), enrichedTrades);
        }
        return topics.trades().equals(DeadLetter.of(record).topic())
                && (begins(record.value(), trades) || begins(record.value(), idsOfTrades));
    }

    private boolean begins(byte @Nullable [] value, DatumReader datum) throws InterruptedException {
        if (value == null) {
            return false;
        }
        try {
            datum.wrap(value);
            byte[] bytes = datum.bytes();
            decoder = DecoderFactory.get().binaryDecoder(bytes, datum.start(), bytes.length - datum.start(), decoder);
            return decoder.readLong() == tradeId;
        } catch (DecodeException | IOException | RuntimeException e) {
            // What has no id is not the trade that is looked for.
            return false;
        }
    }
}
