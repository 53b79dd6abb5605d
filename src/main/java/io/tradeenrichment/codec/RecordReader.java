package io.tradeenrichment.codec;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a record whose fields the job has in another order, more of them or fewer. */
final class RecordReader implements ValueReader {
    private static final int ABSENT = -1;

    /** By the writer's order. */
    private final ValueSkipper[] skipped;
    /** By the job's order, as is the next. */
    private final ValueReader[] readers;

    private final int[] writtenAt;
    /** Whether one pass does, since the writer has the job's fields in the job's order. */
    private final boolean inOrder;

    private int @Nullable [] unusedStarts;

    /** @param fields the job's fields, in its order */
    RecordReader(List<ValueSkipper> writersFields, List<Field> fields) {
        this.skipped = writersFields.toArray(ValueSkipper[]::new);
        this.readers = fields.stream().map(Field::reader).toArray(ValueReader[]::new);
        this.writtenAt = fields.stream().mapToInt(Field::writtenAt).toArray();
        int[] present = Arrays.stream(writtenAt).filter(at -> at != ABSENT).toArray();
        int[] sorted = present.clone();
        Arrays.sort(sorted);
        this.inOrder = Arrays.equals(present, sorted);
        this.unusedStarts = new int[skipped.length];
    }

    /**
     * A field of the job's record.
     *
     * @param writtenAt its place in the writer's record, or less than zero where the writer does not have it
     */
    record Field(int writtenAt, ValueReader reader) {
        static Field absent(byte[] encodedDefault) {
            return new Field(ABSENT, new DefaultReader(encodedDefault));
        }
    }

    @Override
    public void read(Cursor in, DatumBuffer out) throws DecodeException {
        if (inOrder) {
            readOnce(in, out);
        } else {
            readTwice(in, out);
        }
    }

    private void readOnce(Cursor in, DatumBuffer out) throws DecodeException {
        int next = 0;
        for (int field = 0; field < readers.length; field++) {
            while (next < writtenAt[field]) {
                skipped[next++].skip(in);
            }
            readers[field].read(in, out);
            if (writtenAt[field] != ABSENT) {
                next++;
            }
        }
        while (next < skipped.length) {
            skipped[next++].skip(in);
        }
    }

    /** First where each field begins, then the job's fields in the job's order. */
    private void readTwice(Cursor in, DatumBuffer out) throws DecodeException {
        int[] starts = unusedStarts == null ? new int[skipped.length] : unusedStarts;
        unusedStarts = null; // A record may hold another of its type, which then needs starts of its own.
        for (int field = 0; field < skipped.length; field++) {
            starts[field] = in.position();
            skipped[field].skip(in);
        }
        int end = in.position();
        for (int field = 0; field < readers.length; field++) {
            if (writtenAt[field] != ABSENT) {
                in.returnTo(starts[writtenAt[field]]);
            }
            readers[field].read(in, out);
        }
        in.returnTo(end);
        unusedStarts = starts;
    }

    @Override
    public boolean takesBytesAsTheyAre() {
        if (readers.length != skipped.length) {
            return false;
        }
        for (int field = 0; field < readers.length; field++) {
            if (writtenAt[field] != field || !readers[field].takesBytesAsTheyAre()) {
                return false;
            }
        }
        return true;
    }
}
