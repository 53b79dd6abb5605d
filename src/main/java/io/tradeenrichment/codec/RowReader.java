package io.tradeenrichment.codec;

import io.tradeenrichment.codec.binary.Cursor;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.SourceRecord;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;

/**
 * Reads a dimension's row and encodes its fragment of the enriched trades: the columns of {@code EnrichedTrade} in their
 * order, each with its union branch. So a row is encoded once, not once per trade. Not thread-safe.
 */
public final class RowReader {
    private static final int STRIKE_PRECISION = 8;
    private static final int CALL = 0;
    private static final int STOCK = 2;
    private static final int TYPES = 3;
    private static final int NULL = 0;
    private static final int PRESENT = 1;

    private final Dimension dimension;
    private final Cursor cursor = new Cursor();
    private final DatumBuffer fragment = new DatumBuffer();
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();

    public RowReader(Dimension dimension) {
        this.dimension = dimension;
    }

    /**
     * @param bytes the datum under the job's schema, from {@code start} to the end of the array
     * @throws DecodeException if the bytes are malformed, or the row is invalid
     */
    public DimensionUpdate read(SourceRecord record, byte[] bytes, int start) throws DecodeException {
        cursor.wrap(bytes, start);
        fragment.clear();
        return dimension.equals(Dimension.INSTRUMENT) ? instrument(record, bytes) : user(record, bytes);
    }

    private DimensionUpdate instrument(SourceRecord record, byte[] bytes) throws DecodeException {
        Cursor datum = cursor;
        long id = datum.readLong();
        long validFrom = datum.readLong();

        int tickerLength = datum.readLength("ticker");
        int tickerAt = datum.position();
        String ticker = text(bytes, tickerAt, tickerLength, "ticker");
        datum.skip(tickerLength);

        int type = datum.readIndex(TYPES, "type");

        boolean hasStrike = datum.readIndex(2, "strike's union") == PRESENT;
        int strikeAt = datum.position();
        long strike = hasStrike ? datum.readDecimal(STRIKE_PRECISION, "strike") : 0;
        int strikeEnd = datum.position();

        boolean hasExpiry = datum.readIndex(2, "expiry's union") == PRESENT;
        int expiry = hasExpiry ? datum.readInt() : 0;
        datum.expectEnd();

        NameValidator.validate(ticker, "ticker");
        if (type != STOCK && !(hasStrike && hasExpiry)) {
            throw new DecodeException(
                    Reason.INVALID_ROW, "instrument " + id + " is an option without a strike or without an expiry");
        }
        String symbol = type == STOCK ? ticker : OccSymbol.compact(ticker, expiry, type == CALL, strike);

        fragment.writeInt(PRESENT).writeString(symbol);
        fragment.writeInt(PRESENT).writeBytes(bytes, tickerAt, tickerLength);
        fragment.writeInt(PRESENT).writeInt(type);
        if (hasStrike) {
            fragment.writeInt(PRESENT).writeRaw(bytes, strikeAt, strikeEnd - strikeAt);
        } else {
            fragment.writeInt(NULL);
        }
        if (hasExpiry) {
            fragment.writeInt(PRESENT).writeInt(expiry);
        } else {
            fragment.writeInt(NULL);
        }
        fragment.writeInt(PRESENT).writeLong(validFrom);
        return update(record, id, validFrom);
    }

    private DimensionUpdate user(SourceRecord record, byte[] bytes) throws DecodeException {
        Cursor datum = cursor;
        long id = datum.readLong();
        long validFrom = datum.readLong();
        int length = datum.readLength("username");
        int at = datum.position();
        String username = text(bytes, at, length, "username");
        datum.skip(length);
        datum.expectEnd();
        NameValidator.validate(username, "username");

        fragment.writeInt(PRESENT).writeBytes(bytes, at, length);
        fragment.writeInt(PRESENT).writeLong(validFrom);
        return update(record, id, validFrom);
    }

    private DimensionUpdate update(SourceRecord record, long id, long validFrom) {
        return new DimensionUpdate(
                dimension, id, validFrom, record.timestamp(), fragment.toBytes(), record.partition(), record.offset());
    }

    /** Rejects strings that are not UTF-8; Avro itself accepts any bytes. */
    private String text(byte[] bytes, int at, int length, String of) throws DecodeException {
        try {
            return utf8.decode(ByteBuffer.wrap(bytes, at, length)).toString();
        } catch (CharacterCodingException e) {
            throw new DecodeException(Reason.MALFORMED, of + " is not UTF-8");
        }
    }
}
