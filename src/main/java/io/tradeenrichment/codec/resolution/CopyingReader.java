package io.tradeenrichment.codec.resolution;

import io.tradeenrichment.codec.binary.Cursor;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.binary.ValueSkipper;
import org.apache.avro.Schema;

/** Validates a value under the writer's schema and copies its bytes. */
final class CopyingReader implements ValueReader {
    private final ValueSkipper skipper;
    private final boolean identity;

    private CopyingReader(Schema writers, boolean identity) {
        this.skipper = ValueSkipper.of(writers);
        this.identity = identity;
    }

    static ValueReader of(Schema writers) {
        return new CopyingReader(writers, true);
    }

    /** For an int read as a long: the bytes are equal, but the range must be checked under the writer's type. */
    static ValueReader ofNarrowerType(Schema writers) {
        return new CopyingReader(writers, false);
    }

    @Override
    public void read(Cursor in, DatumBuffer out) throws DecodeException {
        int start = in.position();
        skipper.skip(in);
        out.writeRaw(in.bytes(), start, in.position() - start);
    }

    @Override
    public boolean isIdentity() {
        return identity;
    }
}
