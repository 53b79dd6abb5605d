package io.tradeenrichment.codec;

import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Reads an enum's symbol by its name; one that the job does not have becomes the default, if the job's enum has one. */
final class EnumReader implements ValueReader {
    private static final int NONE = -1;

    private final String path;
    private final int[] indexes;
    private final ValueReader[] unknown;
    private final boolean same;
    private final String symbols;

    EnumReader(String path, Schema writers, Schema readers) {
        List<String> written = writers.getEnumSymbols();
        List<String> read = readers.getEnumSymbols();
        this.path = path;
        this.symbols = Quoted.text(String.join(", ", written));
        this.same = written.equals(read);
        this.indexes = new int[written.size()];
        this.unknown = new ValueReader[written.size()];
        int otherwise = readers.getEnumDefault() == null ? NONE : read.indexOf(readers.getEnumDefault());
        for (int i = 0; i < indexes.length; i++) {
            int index = read.indexOf(written.get(i));
            indexes[i] = index == NONE ? otherwise : index;
            unknown[i] = new FailingReader(path + " is " + Quoted.text(written.get(i))
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
    public boolean takesBytesAsTheyAre() {
        return same;
    }

    @Override
    public @Nullable String failure() {
        for (int index : indexes) {
            if (index != NONE) {
                return null;
            }
        }
        return path + " is an enum of other symbols: " + symbols;
    }
}
