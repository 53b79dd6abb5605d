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
 * Finds the output of one trade: the enriched trade, or the dead letter with the trade's bytes. Both begin with the id, so a
 * malformed rest does not matter. From a trade whose writer's schema the job could not resolve, only the id is read. Not
 * thread-safe.
 */
final class TradeSearch {
    /** The reader's schema of a trade's id alone. */
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

    /** @throws InterruptedException if interrupted during a registry request */
    boolean matches(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
        if (!record.topic().equals(topics.deadLetters())) {
            return startsWithId(record.value(), enrichedTrades);
        }
        return topics.trades().equals(DeadLetter.of(record).topic())
                && (startsWithId(record.value(), trades) || startsWithId(record.value(), idsOfTrades));
    }

    private boolean startsWithId(byte @Nullable [] value, DatumReader datum) throws InterruptedException {
        if (value == null) {
            return false;
        }
        try {
            datum.wrap(value);
            byte[] bytes = datum.bytes();
            decoder = DecoderFactory.get().binaryDecoder(bytes, datum.start(), bytes.length - datum.start(), decoder);
            return decoder.readLong() == tradeId;
        } catch (DecodeException | IOException | RuntimeException e) {
            // A record without an id is not the trade.
            return false;
        }
    }
}
