package io.tradeenrichment.codec;

import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.SourceRecord;

/** Ids in eight bytes, the most significant first. */
final class BigEndianKeys implements KeyReader {
    private final WrongKey wrong;

    BigEndianKeys(Dimension dimension) {
        wrong = new WrongKey(dimension, KeyFormat.BIG_ENDIAN, "in eight bytes, big-endian");
    }

    @Override
    public long id(SourceRecord record) throws DecodeException {
        byte[] key = record.key();
        if (key == null || key.length != Long.BYTES) {
            throw wrong.found(key);
        }
        if (record.value() == null && isOfAnotherFormat(key)) {
            throw wrong.found(key);
        }
        long id = 0;
        for (byte b : key) {
            id = id << Byte.SIZE | (b & 0xFF);
        }
        return id;
    }

    /**
     * Eight digits, or eight characters of JSON: as a number it would be an id above 2 * 10^18 that no row has, so the
     * row that was meant would stay. A record with a value needs no such guess, since its row says its id.
     */
    private static boolean isOfAnotherFormat(byte[] key) {
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
