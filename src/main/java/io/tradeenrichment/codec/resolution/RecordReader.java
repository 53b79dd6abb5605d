package io.tradeenrichment.codec.resolution;

import io.tradeenrichment.codec.binary.Cursor;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.binary.ValueSkipper;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Reads a record: skips the fields that the job does not have, and reorders the others if necessary. */
final class RecordReader implements ValueReader {
    private static final int ABSENT = -1;

    /** In the order of the writer's fields. */
    private final ValueSkipper[] skippers;
    /** In the order of the job's fields, like {@link #positions}. */
    private final ValueReader[] readers;

    private final int[] positions;
    /** True if the writer's fields are in the order of the job's: then one pass is enough. */
    private final boolean inOrder;

    private int @Nullable [] reusedStarts;

    /** @param fields in the order of the job's schema */
    RecordReader(List<ValueSkipper> writersFields, List<Field> fields) {
        this.skippers = writersFields.toArray(ValueSkipper[]::new);
        this.readers = fields.stream().map(Field::reader).toArray(ValueReader[]::new);
        this.positions = fields.stream().mapToInt(Field::position).toArray();
        int[] present = Arrays.stream(positions).filter(at -> at != ABSENT).toArray();
        int[] sorted = present.clone();
        Arrays.sort(sorted);
        this.inOrder = Arrays.equals(present, sorted);
        this.reusedStarts = new int[skippers.length];
    }

    /**
     * A field of the job's record.
     *
     * @param position in the writer's record, or {@link #ABSENT}
     */
    record Field(int position, ValueReader reader) {
        static Field absent(Schema.Field field) {
            return new Field(ABSENT, new DefaultReader(field));
        }
    }

    @Override
    public void read(Cursor in, DatumBuffer out) throws DecodeException {
        if (inOrder) {
            readInOnePass(in, out);
        } else {
            readInTwoPasses(in, out);
        }
    }

    private void readInOnePass(Cursor in, DatumBuffer out) throws DecodeException {
        int next = 0;
        for (int field = 0; field < readers.length; field++) {
            while (next < positions[field]) {
                skippers[next++].skip(in);
            }
            readers[field].read(in, out);
            if (positions[field] != ABSENT) {
                next++;
            }
        }
        while (next < skippers.length) {
            skippers[next++].skip(in);
        }
    }

    /** The first pass finds where each field starts, the second reads the fields in the order of the job's schema. */
    private void readInTwoPasses(Cursor in, DatumBuffer out) throws DecodeException {
        int[] starts = reusedStarts == null ? new int[skippers.length] : reusedStarts;
        reusedStarts = null; // A recursive record needs an array of its own.
        for (int field = 0; field < skippers.length; field++) {
            starts[field] = in.position();
            skippers[field].skip(in);
        }
        int end = in.position();
        for (int field = 0; field < readers.length; field++) {
            if (positions[field] != ABSENT) {
                in.returnTo(starts[positions[field]]);
            }
            readers[field].read(in, out);
        }
        in.returnTo(end);
        reusedStarts = starts;
    }

    @Override
    public boolean isIdentity() {
        if (readers.length != skippers.length) {
            return false;
        }
        for (int field = 0; field < readers.length; field++) {
            if (positions[field] != field || !readers[field].isIdentity()) {
                return false;
            }
        }
        return true;
    }
}
