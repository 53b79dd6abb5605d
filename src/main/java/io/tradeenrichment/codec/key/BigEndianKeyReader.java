package io.tradeenrichment.codec.key;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.SourceRecord;

/** Reads ids of eight bytes, big-endian. */
final class BigEndianKeyReader implements KeyReader {
    private final KeyErrors errors;

    BigEndianKeyReader(Dimension dimension) {
        errors = new KeyErrors(dimension, KeyFormat.BIG_ENDIAN, "in eight bytes, big-endian");
    }

    @Override
    public long id(SourceRecord record) throws DecodeException {
        byte[] key = record.key();
        if (key == null || key.length != Long.BYTES) {
            throw errors.wrongFormat(key);
        }
        if (record.value() == null && isText(key)) {
            throw errors.wrongFormat(key);
        }
        long id = 0;
        for (byte b : key) {
            id = id << Byte.SIZE | (b & 0xFF);
        }
        return id;
    }

    /**
     * Whether the eight bytes are digits or JSON. Read as a number they would be an id above 2 * 10^18, which no row has,
     * and the tombstone would delete nothing. A record with a value has the id in its row, so it is compared there.
     */
    private static boolean isText(byte[] key) {
        byte first = key[0];
        byte last = key[key.length - 1];
        boolean json = (first == '{' && last == '}') || (first == '"' && last == '"');
        boolean number = true;
        for (int at = 0; at < key.length; at++) {
            byte b = key[at];
            json &= b >= ' ' && b <= '~';
            number &= (b >= '0' && b <= '9') || (b == '-' && at == 0);
        }
        return json || number;
    }
}
