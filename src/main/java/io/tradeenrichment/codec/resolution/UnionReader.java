package io.tradeenrichment.codec.resolution;

import io.tradeenrichment.codec.binary.Cursor;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.binary.DecodeException;
import org.jspecify.annotations.Nullable;

/** Reads a value of a writer's union. */
final class UnionReader implements ValueReader {
    private final String name;
    private final ValueReader[] branches;
    private final boolean identity;

    /** @param identity whether the job's union has the same branches in the same order */
    UnionReader(String path, ValueReader[] branches, boolean identity) {
        this.name = path + "'s union";
        this.branches = branches;
        this.identity = identity;
    }

    @Override
    public void read(Cursor in, DatumBuffer out) throws DecodeException {
        branches[in.readIndex(branches.length, name)].read(in, out);
    }

    @Override
    public boolean isIdentity() {
        return identity;
    }

    @Override
    public @Nullable String failure() {
        String last = name + " has no branches";
        for (ValueReader branch : branches) {
            String failure = branch.failure();
            if (failure == null) {
                return null;
            }
            last = failure;
        }
        return last;
    }

    /** Writes a value as a branch of the job's union. */
    record Branch(int index, ValueReader value) implements ValueReader {
        @Override
        public void read(Cursor in, DatumBuffer out) throws DecodeException {
            out.writeInt(index);
            value.read(in, out);
        }

        @Override
        public @Nullable String failure() {
            return value.failure();
        }

        boolean isIdentityAt(int position) {
            return index == position && value.isIdentity();
        }
    }
}
