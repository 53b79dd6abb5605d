package io.tradeenrichment.codec;

import org.jspecify.annotations.Nullable;

/** Reads a value of a writer's union, each branch by its own reader. */
final class UnionReader implements ValueReader {
    private final String name;
    private final ValueReader[] branches;
    private final boolean asTheyAre;

    /** @param asTheyAre whether the job's union has the same branches in the same order */
    UnionReader(String path, ValueReader[] branches, boolean asTheyAre) {
        this.name = path + "'s union";
        this.branches = branches;
        this.asTheyAre = asTheyAre;
    }

    @Override
    public void read(Cursor in, DatumBuffer out) throws DecodeException {
        branches[in.readIndex(branches.length, name)].read(in, out);
    }

    @Override
    public boolean takesBytesAsTheyAre() {
        return asTheyAre;
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

        boolean isAt(int place) {
            return index == place && value.takesBytesAsTheyAre();
        }
    }
}
