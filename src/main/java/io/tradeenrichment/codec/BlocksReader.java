package io.tradeenrichment.codec;

/** Reads an array or a map, item by item. */
record BlocksReader(boolean map, ValueReader items) implements ValueReader {

    @Override
    public void read(Cursor in, DatumBuffer out) throws DecodeException {
        for (long count = in.readLong(); count != 0; count = in.readLong()) {
            int end = -1;
            if (count < 0) {
                count = -count;
                end = in.readLength("a block") + in.position();
            }
            if (count < 0 || count > in.remaining()) {
                throw in.malformed("claims to hold " + count + " items in " + in.remaining() + " bytes");
            }
            out.writeLong(count);
            for (long item = 0; item < count; item++) {
                if (map) {
                    int length = in.readLength("a map's key");
                    out.writeBytes(in.bytes(), in.position(), length);
                    in.skip(length);
                }
                items.read(in, out);
            }
            if (end >= 0 && in.position() != end) {
                throw in.malformed("holds a block of another size than it says");
            }
        }
        out.writeLong(0);
    }

    @Override
    public boolean takesBytesAsTheyAre() {
        return items.takesBytesAsTheyAre();
    }
}
