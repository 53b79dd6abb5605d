package io.tradeenrichment.codec.resolution;

import io.tradeenrichment.codec.binary.Cursor;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.binary.DecodeException;

/** Reads an array or a map block by block. */
record CollectionReader(boolean isMap, ValueReader items) implements ValueReader {

    @Override
    public void read(Cursor in, DatumBuffer out) throws DecodeException {
        for (long count = in.readLong(); count != 0; count = in.readLong()) {
            int end = -1;
            if (count < 0) {
                count = -count;
                end = in.readLength("a block") + in.position();
            }
            if (count < 0 || count > in.remaining()) {
                throw in.malformed("declares " + count + " items in " + in.remaining() + " bytes");
            }
            out.writeLong(count);
            for (long item = 0; item < count; item++) {
                if (isMap) {
                    int length = in.readLength("a map's key");
                    out.writeBytes(in.bytes(), in.position(), length);
                    in.skip(length);
                }
                items.read(in, out);
            }
            if (end >= 0 && in.position() != end) {
                throw in.malformed("has a block whose size differs from its declared size");
            }
        }
        out.writeLong(0);
    }

    @Override
    public boolean isIdentity() {
        return items.isIdentity();
    }
}
