package io.tradeenrichment.codec;

import io.tradeenrichment.model.Reason;

/** In the place of a value that the job's schema cannot hold: refuses each record that has one. */
record FailingReader(String sentence) implements ValueReader {

    @Override
    public void read(Cursor in, DatumBuffer out) throws DecodeException {
        throw new DecodeException(Reason.OUT_OF_RANGE, sentence);
    }

    @Override
    public String failure() {
        return sentence;
    }
}
