package io.tradeenrichment.cli.embedded;

import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.model.EnrichedTrade;
import io.tradeenrichment.model.Header;
import io.tradeenrichment.model.RejectedRecord;
import io.tradeenrichment.model.SourceRecord;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.flink.api.common.serialization.BulkWriter;
import org.apache.flink.connector.file.sink.FileSink;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.functions.sink.filesystem.OutputFileConfig;
import org.apache.flink.streaming.api.functions.sink.filesystem.bucketassigners.BasePathBucketAssigner;
import org.jspecify.annotations.Nullable;

/**
 * Avro container files, exactly once: a file gets its final name when the checkpoint that holds its last record is
 * complete. Any Avro implementation reads them.
 */
public final class AvroFiles {
    public static final String ENRICHED_TRADES = "enriched-trades";
    public static final String DEAD_LETTERS = "dead-letters";

    private AvroFiles() {}

    /** Enriched trades have no framing here: the spliced bytes go into the file unchanged. */
    public static FileSink<EnrichedTrade> enrichedTrades(String folder, JobSchemas schemas) {
        return sink(folder, ENRICHED_TRADES, out -> new EnrichedTradeWriter(schemas.enriched(), out));
    }

    public static FileSink<RejectedRecord> deadLetters(String folder) {
        return sink(folder, DEAD_LETTERS, DeadLetterWriter::new);
    }

    private static <T> FileSink<T> sink(String folder, String name, BulkWriter.Factory<T> writers) {
        return FileSink.forBulkFormat(new Path(folder, name), writers)
                .withBucketAssigner(new BasePathBucketAssigner<>())
                .withOutputFileConfig(OutputFileConfig.builder()
                        .withPartPrefix(name)
                        .withPartSuffix(".avro")
                        .build())
                .build();
    }

    /** Writes one file. Flink closes the stream. */
    private abstract static class Writer<T> implements BulkWriter<T> {
        private final DataFileWriter<GenericRecord> file;

        Writer(Schema schema, FSDataOutputStream out) throws IOException {
            file = new DataFileWriter<GenericRecord>(new GenericDatumWriter<>(schema))
                    .create(schema, new Unclosed(out));
        }

        DataFileWriter<GenericRecord> file() {
            return file;
        }

        @Override
        public void flush() throws IOException {
            file.flush();
        }

        @Override
        public void finish() throws IOException {
            file.close();
        }
    }

    private static final class EnrichedTradeWriter extends Writer<EnrichedTrade> {
        EnrichedTradeWriter(Schema schema, FSDataOutputStream out) throws IOException {
            super(schema, out);
        }

        @Override
        public void addElement(EnrichedTrade trade) throws IOException {
            file().appendEncoded(ByteBuffer.wrap(trade.value()));
        }
    }

    private static final class DeadLetterWriter extends Writer<RejectedRecord> {
        DeadLetterWriter(FSDataOutputStream out) throws IOException {
            super(Schemas.DEAD_LETTER, out);
        }

        @Override
        public void addElement(RejectedRecord rejected) throws IOException {
            SourceRecord source = rejected.source();
            GenericRecord letter = new GenericData.Record(Schemas.DEAD_LETTER);
            letter.put("feed", source.feed().title());
            letter.put("partition", source.partition());
            letter.put("offset", source.offset());
            letter.put("timestamp", source.timestamp());
            letter.put("key", bytes(source.key()));
            letter.put("value", bytes(source.value()));
            letter.put("headers", headers(source));
            letter.put("reason", rejected.reason().name());
            letter.put("message", rejected.message());
            file().append(letter);
        }

        private static List<GenericRecord> headers(SourceRecord source) {
            Schema schema = Schemas.DEAD_LETTER.getField("headers").schema().getElementType();
            List<GenericRecord> headers = new ArrayList<>();
            for (Header header : source.headers()) {
                GenericRecord record = new GenericData.Record(schema);
                record.put("key", header.key());
                record.put("value", bytes(header.value()));
                headers.add(record);
            }
            return headers;
        }

        private static @Nullable ByteBuffer bytes(byte @Nullable [] bytes) {
            return bytes == null ? null : ByteBuffer.wrap(bytes);
        }
    }

    /** Keeps {@link DataFileWriter#close} from closing a stream that Flink has not committed yet. */
    private static final class Unclosed extends OutputStream {
        private final OutputStream out;

        Unclosed(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            out.write(b);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            out.write(bytes, from, length);
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }
    }
}
