package io.tradeenrichment.codec;

import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.SourceRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.apache.avro.Conversions.DecimalConversion;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions.DateConversion;
import org.apache.avro.data.TimeConversions.TimestampMicrosConversion;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/** The reference implementation: Apache Avro. */
public final class ApacheAvro {
    /** Logical values: BigDecimal, Instant, LocalDate. */
    public static final GenericData LOGICAL = logical();
    /** Encoded values: a decimal is its bytes. */
    public static final GenericData RAW = new GenericData();

    private ApacheAvro() {}

    private static GenericData logical() {
        GenericData model = new GenericData();
        model.addLogicalTypeConversion(new DecimalConversion());
        model.addLogicalTypeConversion(new DateConversion());
        model.addLogicalTypeConversion(new TimestampMicrosConversion());
        return model;
    }

    public static byte[] encode(GenericData model, GenericRecord value) {
        return written(
                encoder -> new GenericDatumWriter<GenericRecord>(value.getSchema(), model).write(value, encoder));
    }

    public static GenericRecord decode(GenericData model, Schema schema, byte[] datum) throws IOException {
        return resolve(model, schema, schema, datum);
    }

    public static GenericRecord resolve(GenericData model, Schema writers, Schema readers, byte[] datum)
            throws IOException {
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(datum, null);
        GenericRecord value = new GenericDatumReader<GenericRecord>(writers, readers, model).read(null, decoder);
        if (!decoder.isEnd()) {
            throw new IOException("bytes after the end");
        }
        return value;
    }

    /** Writes a datum value by value; it may be invalid. */
    public static byte[] written(Writing writing) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        try {
            writing.to(encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    public static SourceRecord sourceRecord(Feed feed, byte[] value) {
        return new SourceRecord(feed, 3, 1042, 0, null, value, List.of());
    }

    /** The bytes that the current thread has allocated so far. */
    public static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @FunctionalInterface
    public interface Writing {
        void to(BinaryEncoder encoder) throws IOException;
    }
}
