package io.tradeenrichment.codec.resolution;

import io.tradeenrichment.codec.binary.Cursor;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.binary.QuotedText;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Reads an enum's symbol by name. A symbol that the job's enum lacks is read as its default, if there is one. */
final class EnumReader implements ValueReader {
    private static final int NONE = -1;

    private final String path;
    private final int[] indexes;
    private final ValueReader[] unknown;
    private final boolean identity;
    private final String symbols;

    EnumReader(String path, Schema writers, Schema readers) {
        List<String> written = writers.getEnumSymbols();
        List<String> read = readers.getEnumSymbols();
        this.path = path;
        this.symbols = QuotedText.of(String.join(", ", written));
        this.identity = written.equals(read);
        this.indexes = new int[written.size()];
        this.unknown = new ValueReader[written.size()];
        int defaultIndex = readers.getEnumDefault() == null ? NONE : read.indexOf(readers.getEnumDefault());
        for (int i = 0; i < indexes.length; i++) {
            int index = read.indexOf(written.get(i));
            indexes[i] = index == NONE ? defaultIndex : index;
            unknown[i] = new FailingReader(path + " is " + QuotedText.of(written.get(i))
                    + ", which the job does not know; it knows " + String.join(", ", read));
        }
    }

    @Override
    public void read(Cursor in, DatumBuffer out) throws DecodeException {
        int symbol = in.readIndex(indexes.length, path);
        if (indexes[symbol] == NONE) {
            unknown[symbol].read(in, out);
        }
        out.writeInt(indexes[symbol]);
    }

    @Override
    public boolean isIdentity() {
        return identity;
    }

    @Override
    public @Nullable String failure() {
        for (int index : indexes) {
            if (index != NONE) {
                return null;
            }
        }
        return path + " is an enum without any symbol of the job's: " + symbols;
    }
}
