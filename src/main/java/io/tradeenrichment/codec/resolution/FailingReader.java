package io.tradeenrichment.codec.resolution;

import io.tradeenrichment.codec.binary.Cursor;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.model.Reason;
import org.apache.avro.Schema;

/** Rejects every record that contains a value for which the job's schema has no counterpart. */
record FailingReader(String sentence) implements ValueReader {

    static FailingReader ofMismatch(String path, Schema writers, Schema readers) {
        return new FailingReader(path + " is " + described(writers) + ", but the job reads " + described(readers));
    }

    private static String described(Schema schema) {
        return switch (schema.getType()) {
            case NULL -> "null";
            case UNION ->
                schema.getTypes().stream()
                        .map(FailingReader::described)
                        .toList()
                        .toString();
            case RECORD, ENUM, FIXED -> schema.getType().getName() + " " + schema.getFullName();
            default -> schema.getType().getName();
        };
    }

    @Override
    public void read(Cursor in, DatumBuffer out) throws DecodeException {
        throw new DecodeException(Reason.OUT_OF_RANGE, sentence);
    }

    @Override
    public String failure() {
        return sentence;
    }
}
