package io.tradeenrichment.codec;

/** In the place of a field that the writer does not have: reads nothing and writes the job's default. */
final class DefaultReader implements ValueReader {
    private final byte[] encoded;

    DefaultReader(byte[] encoded) {
        this.encoded = encoded.clone();
    }

    @Override
    public void read(Cursor in, DatumBuffer out) {
        out.writeRaw(encoded, 0, encoded.length);
    }
}
