package io.tradeenrichment.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.Trade;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TradeReaderTest {
    private static final BigInteger PRICE_LIMIT = BigInteger.TEN.pow(18);

    private final RandomRecords specimens = new RandomRecords(1);
    private final TradeReader reader = new TradeReader();

    @Test
    void readsTheIdsAndTheTimeThatAvroWrote() throws Exception {
        for (int i = 0; i < 20_000; i++) {
            GenericRecord written = specimens.trade();
            byte[] datum = ApacheAvro.encode(ApacheAvro.LOGICAL, written);

            Trade trade = read(datum);

            assertThat(trade.tradeId()).isEqualTo(written.get("trade_id"));
            assertThat(trade.instrumentId()).isEqualTo(written.get("instrument_id"));
            assertThat(trade.userId()).isEqualTo(written.get("user_id"));
            assertThat(Instant.EPOCH.plus(trade.tradeTime(), ChronoUnit.MICROS)).isEqualTo(written.get("trade_time"));
            assertThat(trade.bytes()).isSameAs(datum);
        }
    }

    @Test
    void readsADatumThatBeginsInsideTheArray() throws Exception {
        byte[] datum = ApacheAvro.encode(ApacheAvro.LOGICAL, specimens.trade());
        byte[] framed = new byte[10 + datum.length];
        Arrays.fill(framed, (byte) 0xFF);
        System.arraycopy(datum, 0, framed, 10, datum.length);

        Trade trade = reader.read(ApacheAvro.received(Feed.TRADES, framed), framed, 10);

        assertThat(trade.tradeId()).isEqualTo(read(datum).tradeId());
        assertThat(trade.start()).isEqualTo(10);
    }

    @Test
    void refusesEveryTruncation() {
        for (int i = 0; i < 2_000; i++) {
            byte[] good = ApacheAvro.encode(ApacheAvro.LOGICAL, specimens.trade());
            for (int end = 0; end < good.length; end++) {
                assertThat(refusal(Arrays.copyOf(good, end)).reason()).isEqualTo(Reason.MALFORMED);
            }
        }
    }

    @Test
    void refusesBytesAfterTheEnd() {
        for (int i = 0; i < 2_000; i++) {
            byte[] good = ApacheAvro.encode(ApacheAvro.LOGICAL, specimens.trade());
            byte[] more = concatenated(good, specimens.bytes(1 + specimens.below(20)));
            assertThat(refusal(more).reason()).isEqualTo(Reason.MALFORMED);
        }
        assertThat(refusal(concatenated(trade(1, 1), new byte[7]))).hasMessageContaining("7 bytes after its end");
    }

    @Test
    void takesABitFlipOnlyAsTheRecordThatAvroReadsFromIt() throws Exception {
        int taken = 0;
        for (int i = 0; i < 200; i++) {
            byte[] datum = ApacheAvro.encode(ApacheAvro.LOGICAL, specimens.trade());
            for (int bit = 0; bit < datum.length * 8; bit++) {
                datum[bit / 8] ^= (byte) (1 << bit % 8);
                taken += takenAsAvroTakesIt(datum);
                datum[bit / 8] ^= (byte) (1 << bit % 8);
            }
        }
        // Most bits are those of values, so that a flip makes another trade.
        assertThat(taken).isGreaterThan(20_000);
    }

    @Test
    void takesRandomBytesOnlyAsTheRecordThatAvroReadsFromThem() throws Exception {
        for (int i = 0; i < 100_000; i++) {
            takenAsAvroTakesIt(specimens.bytes(specimens.below(40)));
        }
        // Small positive bytes are whole numbers and lengths, so these get further.
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = specimens.bytes(7 + specimens.below(4));
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] &= 0x07;
            }
            takenAsAvroTakesIt(bytes);
        }
    }

    @Test
    void refusesANumberInMoreBytesThanItNeedsThoughAvroTakesIt() throws Exception {
        // Seven numbers of one byte: the ids, the time, the price's length, the quantity and the side.
        byte[] good = {2, 4, 6, 8, 2, 5, 12, 0};
        read(good);
        for (int at : new int[] {0, 1, 2, 3, 4, 6, 7}) {
            byte[] longer = new byte[good.length + 1];
            System.arraycopy(good, 0, longer, 0, at);
            longer[at] = (byte) (good[at] | 0x80);
            System.arraycopy(good, at + 1, longer, at + 2, good.length - at - 1);

            assertThat(ApacheAvro.decode(ApacheAvro.RAW, Schemas.TRADE, longer))
                    .isEqualTo(ApacheAvro.decode(ApacheAvro.RAW, Schemas.TRADE, good));
            assertThat(refusal(longer))
                    .hasMessageContaining("in more bytes than it needs")
                    .extracting(DecodeException::reason)
                    .isEqualTo(Reason.MALFORMED);
        }
    }

    @Test
    void refusesANumberBeyond64Bits() {
        byte[] rest = {4, 6, 8, 2, 5, 12, 0};
        byte[] tenth = new byte[10];
        Arrays.fill(tenth, (byte) 0xFF);
        tenth[9] = 2;
        assertThat(refusal(concatenated(tenth, rest)).reason()).isEqualTo(Reason.MALFORMED);

        byte[] eleventh = new byte[11];
        Arrays.fill(eleventh, (byte) 0xFF);
        eleventh[10] = 0;
        assertThat(refusal(concatenated(eleventh, rest))).hasMessageContaining("more than ten bytes");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 4, 100, Integer.MAX_VALUE, 1L << 32, (1L << 32) + 1, Long.MAX_VALUE, Long.MIN_VALUE})
    void refusesALengthThatOverrunsTheDatumWithoutAllocatingIt(long length) {
        byte[] datum = ApacheAvro.written(encoder -> {
            writeIds(encoder);
            encoder.writeLong(length);
            encoder.writeFixed(new byte[] {5, 12, 0});
        });
        refusal(datum);

        long before = ApacheAvro.allocated();
        DecodeException refusal = refusal(datum);
        assertThat(ApacheAvro.allocated() - before).isLessThan(100_000);
        assertThat(refusal.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(refusal.sentence()).contains("a length of " + length + ", with 3 bytes left");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 2, 3, Integer.MAX_VALUE, 1L << 32, Long.MIN_VALUE})
    void refusesASideThatTheEnumDoesNotHave(long index) {
        assertThat(refusal(trade(BigInteger.ONE.toByteArray(), index)))
                .hasMessageContaining("index " + index + " for side, which has 2")
                .extracting(DecodeException::reason)
                .isEqualTo(Reason.MALFORMED);
    }

    @Test
    void takesEighteenDigitsOfPriceAndNotOneMore() throws Exception {
        BigInteger most = PRICE_LIMIT.subtract(BigInteger.ONE);
        read(trade(most.toByteArray(), 0));
        read(trade(most.negate().toByteArray(), 0));

        for (BigInteger tooMuch : new BigInteger[] {
            PRICE_LIMIT,
            PRICE_LIMIT.negate(),
            BigInteger.valueOf(Long.MAX_VALUE),
            BigInteger.valueOf(Long.MIN_VALUE),
            BigInteger.TWO.pow(63),
            BigInteger.TWO.pow(64).add(BigInteger.ONE),
            BigInteger.TWO.pow(64).negate(),
            BigInteger.TWO.pow(8_000_000),
        }) {
            assertThat(refusal(trade(tooMuch.toByteArray(), 0)))
                    .hasMessageContaining("trade_px has more than the 18 digits")
                    .extracting(DecodeException::reason)
                    .isEqualTo(Reason.OUT_OF_RANGE);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "0, 9", "-1, 8", "-1, 9", "1, 20", "-1000000, 20", "999999999999999999, 9", "7, 100000"})
    void takesAPriceWhoseSignIsRepeated(long price, int length) throws Exception {
        byte[] digits = new byte[length];
        Arrays.fill(digits, (byte) (price < 0 ? -1 : 0));
        byte[] fewest = BigInteger.valueOf(price).toByteArray();
        System.arraycopy(fewest, 0, digits, length - fewest.length, fewest.length);

        assertThat(takenAsAvroTakesIt(trade(digits, 0))).isEqualTo(1);
    }

    @Test
    void refusesAPriceWithoutDigits() {
        assertThat(refusal(trade(new byte[0], 0)))
                .hasMessageContaining("gives trade_px no digits")
                .extracting(DecodeException::reason)
                .isEqualTo(Reason.MALFORMED);
    }

    @Test
    void saysWhereTheDatumIsDamagedCountedFromItsOwnBeginning() {
        byte[] framed = concatenated(new byte[10], new byte[] {2, 4});
        DecodeException refusal = catchThrowableOfType(
                DecodeException.class, () -> reader.read(ApacheAvro.received(Feed.TRADES, framed), framed, 10));
        assertThat(refusal).hasMessage("the datum ends within a number (at byte 2 of 2)");
    }

    @Test
    void readsTheNextTradeAfterARefusal() throws Exception {
        byte[] good = trade(1, 0);
        refusal(Arrays.copyOf(good, 5));
        assertThat(read(good).tradeId()).isEqualTo(1);
    }

    /** 1 if the bytes are taken, and then Avro must see the same trade in them and write it with the same bytes. */
    private int takenAsAvroTakesIt(byte[] datum) throws IOException {
        Trade trade;
        try {
            trade = read(datum);
        } catch (DecodeException refusal) {
            assertThat(refusal.reason()).isIn(Reason.MALFORMED, Reason.OUT_OF_RANGE);
            return 0;
        }
        GenericRecord record = ApacheAvro.decode(ApacheAvro.RAW, Schemas.TRADE, datum);
        assertThat(trade.tradeId()).isEqualTo(record.get("trade_id"));
        assertThat(trade.instrumentId()).isEqualTo(record.get("instrument_id"));
        assertThat(trade.userId()).isEqualTo(record.get("user_id"));
        assertThat(trade.tradeTime()).isEqualTo(record.get("trade_time"));
        assertThat(ApacheAvro.encode(ApacheAvro.RAW, record)).isEqualTo(datum);
        return 1;
    }

    private Trade read(byte[] datum) throws DecodeException {
        return reader.read(ApacheAvro.received(Feed.TRADES, datum), datum, 0);
    }

    private DecodeException refusal(byte[] datum) {
        DecodeException refusal = catchThrowableOfType(DecodeException.class, () -> read(datum));
        assertThat(refusal).as("the refusal of %d bytes", datum.length).isNotNull();
        return refusal;
    }

    private static byte[] trade(long price, long side) {
        return trade(BigInteger.valueOf(price).toByteArray(), side);
    }

    private static byte[] trade(byte[] price, long side) {
        return ApacheAvro.written(encoder -> {
            writeIds(encoder);
            encoder.writeBytes(price);
            encoder.writeLong(100);
            encoder.writeLong(side);
        });
    }

    private static void writeIds(BinaryEncoder encoder) throws IOException {
        encoder.writeLong(1);
        encoder.writeLong(2);
        encoder.writeLong(3);
        encoder.writeLong(4);
    }

    private static byte[] concatenated(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
