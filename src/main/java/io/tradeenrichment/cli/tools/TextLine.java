package io.tradeenrichment.cli.tools;

import io.tradeenrichment.codec.DatumReader;
import io.tradeenrichment.codec.EnrichedTradeText;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.binary.QuotedText;
import io.tradeenrichment.kafka.sink.DeadLetter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A record in readable form. */
final class TextLine implements RecordLine {
    private static final int FIRST_BYTES = 16;
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ").withUpperCase();

    private final String deadLettersTopic;
    private final DatumReader enrichedTrades;
    private final EnrichedTradeText text;

    /** @param schema of the enriched trades */
    TextLine(String deadLettersTopic, DatumReader enrichedTrades, Schema schema) {
        this.text = new EnrichedTradeText(schema);
        this.deadLettersTopic = deadLettersTopic;
        this.enrichedTrades = enrichedTrades;
    }

    @Override
    public String of(ConsumerRecord<byte[], byte[]> record) throws InterruptedException {
        if (record.topic().equals(deadLettersTopic)) {
            return deadLetter(record);
        }
        byte[] value = record.value();
        try {
            if (value == null) {
                return unreadable(record, "it has no value");
            }
            enrichedTrades.wrap(value);
            return text.of(enrichedTrades.bytes(), enrichedTrades.start());
        } catch (DecodeException e) {
            return unreadable(record, e.sentence());
        } catch (IOException | RuntimeException e) {
            return unreadable(record, "it is not an enriched trade: " + e.getMessage());
        }
    }

    /**
     * {@code {dead_letter: "MALFORMED", message: "…", from: "trades-0@17", key_id: 5, size: 31, bytes: C3 01 …}}
     */
    private static String deadLetter(ConsumerRecord<byte[], byte[]> record) {
        DeadLetter letter = DeadLetter.of(record);
        String from = letter.topic() + "-" + letter.partition() + "@" + letter.offset();
        return "{dead_letter: " + QuotedText.of(letter.reason()) + ", message: " + QuotedText.of(letter.message())
                + ", from: " + QuotedText.of(letter.topic() == null ? null : from) + ", " + key(record.key())
                + (letter.omitted() == null ? "" : ", omitted: " + QuotedText.of(letter.omitted())) + ", "
                + value(record.value()) + "}";
    }

    private static String unreadable(ConsumerRecord<byte[], byte[]> record, String reason) {
        String at = record.topic() + "-" + record.partition() + "@" + record.offset();
        return "{unreadable: " + QuotedText.of(at) + ", message: " + QuotedText.of(reason) + ", " + key(record.key())
                + ", " + value(record.value()) + "}";
    }

    private static String key(byte @Nullable [] key) {
        if (key == null || key.length == Long.BYTES) {
            return "key_id: " + (key == null ? "null" : ByteBuffer.wrap(key).getLong());
        }
        return "key: " + hex(key);
    }

    private static String value(byte @Nullable [] value) {
        return value == null ? "size: null" : "size: " + value.length + ", bytes: " + hex(value);
    }

    private static String hex(byte[] bytes) {
        String first = HEX.formatHex(Arrays.copyOf(bytes, Math.min(bytes.length, FIRST_BYTES)));
        return bytes.length > FIRST_BYTES ? first + " …" : first.isEmpty() ? "none" : first;
    }
}
