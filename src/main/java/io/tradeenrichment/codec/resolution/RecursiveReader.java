package io.tradeenrichment.codec.resolution;

import io.tradeenrichment.codec.binary.Cursor;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.binary.DecodeException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads a record inside a record of the same type. It is not an identity, since it is needed before that is known. */
final class RecursiveReader implements ValueReader {
    private @Nullable ValueReader record;

    void bind(ValueReader record) {
        this.record = record;
    }

    @Override
    public void read(Cursor in, DatumBuffer out) throws DecodeException {
        Objects.requireNonNull(record, "the reader is bound").read(in, out);
    }

    @Override
    public boolean isIdentity() {
        return false;
    }
}
