package io.tradeenrichment.codec;

import org.apache.avro.Schema;

/** Walks over a value and copies its bytes: both schemas encode it alike. */
final class CopyingReader implements ValueReader {
    private final ValueSkipper walk;
    private final boolean always;

    private CopyingReader(Schema writers, boolean always) {
        this.walk = ValueSkipper.of(writers);
        this.always = always;
    }

    static ValueReader of(Schema writers) {
        return new CopyingReader(writers, true);
    }

    /** For a type whose values are the job's, but not all of the job's: they are looked at under the writer's. */
    static ValueReader ofNarrower(Schema writers) {
        return new CopyingReader(writers, false);
    }

    @Override
    public void read(Cursor in, DatumBuffer out) throws DecodeException {
        int from = in.position();
        walk.skip(in);
        out.writeRaw(in.bytes(), from, in.position() - from);
    }

    @Override
    public boolean takesBytesAsTheyAre() {
        return always;
    }
}
