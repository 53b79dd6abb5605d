package io.tradeenrichment.codec.resolution;

import io.tradeenrichment.codec.binary.Cursor;
import io.tradeenrichment.codec.binary.DatumBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;

/** Writes the default of a field that the writer's schema does not have. */
final class DefaultReader implements ValueReader {
    private final byte[] encoded;

    /** @param field a field with a default */
    DefaultReader(Schema.Field field) {
        var bytes = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        try {
            new GenericDatumWriter<>(field.schema()).write(GenericData.get().getDefaultValue(field), encoder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.encoded = bytes.toByteArray();
    }

    @Override
    public void read(Cursor in, DatumBuffer out) {
        out.writeRaw(encoded, 0, encoded.length);
    }
}
