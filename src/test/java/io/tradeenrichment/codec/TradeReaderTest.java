package io.tradeenrichment.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.Trade;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
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

    private final RandomRecords random = new RandomRecords(1);
    private final TradeReader reader = new TradeReader(JobSchemas.bundled().trade());

    @Test
    void readsTheIdsAndTheTime() throws Exception {
        for (int i = 0; i < 20_000; i++) {
            GenericRecord written = random.trade();
            byte[] datum = ApacheAvro.encode(ApacheAvro.LOGICAL, written);

            Trade trade = read(datum);

            assertThat(trade.tradeId()).isEqualTo(written.get("trade_id"));
            assertThat(trade.id(0)).isEqualTo(written.get("instrument_id"));
            assertThat(trade.id(1)).isEqualTo(written.get("user_id"));
            assertThat(Instant.EPOCH.plus(trade.tradeTime(), ChronoUnit.MICROS)).isEqualTo(written.get("trade_time"));
            assertThat(trade.bytes()).isSameAs(datum);
        }
    }

    @Test
    void readsADatumThatStartsInsideTheArray() throws Exception {
        byte[] datum = ApacheAvro.encode(ApacheAvro.LOGICAL, random.trade());
        byte[] framed = new byte[10 + datum.length];
        Arrays.fill(framed, (byte) 0xFF);
        System.arraycopy(datum, 0, framed, 10, datum.length);

        Trade trade = reader.read(ApacheAvro.sourceRecord(Feed.TRADES, framed), framed, 10);

        assertThat(trade.tradeId()).isEqualTo(read(datum).tradeId());
        assertThat(trade.start()).isEqualTo(10);
    }

    @Test
    void rejectsEveryTruncation() {
        for (int i = 0; i < 2_000; i++) {
            byte[] good = ApacheAvro.encode(ApacheAvro.LOGICAL, random.trade());
            for (int end = 0; end < good.length; end++) {
                assertThat(failure(Arrays.copyOf(good, end)).reason()).isEqualTo(Reason.MALFORMED);
            }
        }
    }

    @Test
    void rejectsBytesAfterTheEnd() {
        for (int i = 0; i < 2_000; i++) {
            byte[] good = ApacheAvro.encode(ApacheAvro.LOGICAL, random.trade());
            byte[] more = concatenated(good, random.bytes(1 + random.below(20)));
            assertThat(failure(more).reason()).isEqualTo(Reason.MALFORMED);
        }
        assertThat(failure(concatenated(trade(1, 1), new byte[7]))).hasMessageContaining("7 bytes after its end");
    }

    @Test
    void readsFlippedBitsAsAvroDoesOrRejectsThem() throws Exception {
        int taken = 0;
        for (int i = 0; i < 200; i++) {
            byte[] datum = ApacheAvro.encode(ApacheAvro.LOGICAL, random.trade());
            for (int bit = 0; bit < datum.length * 8; bit++) {
                datum[bit / 8] ^= (byte) (1 << bit % 8);
                taken += readAsAvroReadsIt(datum);
                datum[bit / 8] ^= (byte) (1 << bit % 8);
            }
        }
        // Most bits belong to values, so most flips yield another trade.
        assertThat(taken).isGreaterThan(20_000);
    }

    @Test
    void acceptsRandomBytesExactlyIfAvroReadsACanonicalTradeFromThem() throws Exception {
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = random.bytes(random.below(40));
            assertThat(readAsAvroReadsIt(bytes) == 1).isEqualTo(isCanonicalForAvro(bytes));
        }
        // Small positive bytes are complete numbers and lengths, so more of these are trades.
        int taken = 0;
        for (int i = 0; i < 100_000; i++) {
            byte[] bytes = random.bytes(7 + random.below(4));
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] &= 0x07;
            }
            int one = readAsAvroReadsIt(bytes);
            assertThat(one == 1).isEqualTo(isCanonicalForAvro(bytes));
            taken += one;
        }
        assertThat(taken).isGreaterThan(2_000);
    }

    /** Avro reads a trade, writes it with the same bytes, and its price has at most 18 digits. */
    private static boolean isCanonicalForAvro(byte[] datum) {
        try {
            GenericRecord trade = ApacheAvro.decode(ApacheAvro.RAW, Schemas.TRADE, datum);
            ByteBuffer price = (ByteBuffer) trade.get("trade_px");
            return price.hasRemaining()
                    && new BigInteger(price.array(), price.position(), price.remaining())
                                    .abs()
                                    .compareTo(PRICE_LIMIT)
                            < 0
                    && Arrays.equals(ApacheAvro.encode(ApacheAvro.RAW, trade), datum);
        } catch (IOException | RuntimeException malformed) {
            return false;
        }
    }

    @Test
    void rejectsAnOverlongNumberThoughAvroAcceptsIt() throws Exception {
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
            assertThat(failure(longer))
                    .hasMessageContaining("in more bytes than it needs")
                    .extracting(DecodeException::reason)
                    .isEqualTo(Reason.MALFORMED);
        }
    }

    @Test
    void rejectsANumberBeyond64Bits() {
        byte[] rest = {4, 6, 8, 2, 5, 12, 0};
        byte[] tenth = new byte[10];
        Arrays.fill(tenth, (byte) 0xFF);
        tenth[9] = 2;
        assertThat(failure(concatenated(tenth, rest)).reason()).isEqualTo(Reason.MALFORMED);

        byte[] eleventh = new byte[11];
        Arrays.fill(eleventh, (byte) 0xFF);
        eleventh[10] = 0;
        assertThat(failure(concatenated(eleventh, rest))).hasMessageContaining("more than ten bytes");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 4, 100, Integer.MAX_VALUE, 1L << 32, (1L << 32) + 1, Long.MAX_VALUE, Long.MIN_VALUE})
    void rejectsALengthBeyondTheDatumWithoutAllocatingIt(long length) {
        byte[] datum = ApacheAvro.written(encoder -> {
            writeIds(encoder);
            encoder.writeLong(length);
            encoder.writeFixed(new byte[] {5, 12, 0});
        });
        failure(datum);

        long before = ApacheAvro.allocated();
        DecodeException failure = failure(datum);
        assertThat(ApacheAvro.allocated() - before).isLessThan(100_000);
        assertThat(failure.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(failure.sentence()).contains("has a length of " + length + " for ");
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 2, 3, Integer.MAX_VALUE, 1L << 32, Long.MIN_VALUE})
    void rejectsASideThatTheEnumDoesNotHave(long index) {
        assertThat(failure(trade(BigInteger.ONE.toByteArray(), index)))
                .hasMessageContaining("index " + index + " for side, which has only 2")
                .extracting(DecodeException::reason)
                .isEqualTo(Reason.MALFORMED);
    }

    @Test
    void acceptsAPriceOfEighteenDigitsButNotOfNineteen() throws Exception {
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
            assertThat(failure(trade(tooMuch.toByteArray(), 0)))
                    .hasMessageContaining("trade_px has more than the 18 digits")
                    .extracting(DecodeException::reason)
                    .isEqualTo(Reason.OUT_OF_RANGE);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "0, 9", "-1, 8", "-1, 9", "1, 20", "-1000000, 20", "999999999999999999, 9", "7, 100000"})
    void acceptsAPaddedPrice(long price, int length) throws Exception {
        byte[] digits = new byte[length];
        Arrays.fill(digits, (byte) (price < 0 ? -1 : 0));
        byte[] fewest = BigInteger.valueOf(price).toByteArray();
        System.arraycopy(fewest, 0, digits, length - fewest.length, fewest.length);

        assertThat(readAsAvroReadsIt(trade(digits, 0))).isEqualTo(1);
    }

    @Test
    void rejectsAPriceWithoutBytes() {
        assertThat(failure(trade(new byte[0], 0)))
                .hasMessageContaining("has no bytes for trade_px")
                .extracting(DecodeException::reason)
                .isEqualTo(Reason.MALFORMED);
    }

    @Test
    void reportsThePositionOfTheErrorFromTheStartOfTheDatum() {
        byte[] framed = concatenated(new byte[10], new byte[] {2, 4});
        DecodeException failure = catchThrowableOfType(
                DecodeException.class, () -> reader.read(ApacheAvro.sourceRecord(Feed.TRADES, framed), framed, 10));
        assertThat(failure).hasMessage("the datum ends within a number (at byte 2 of 2)");
    }

    @Test
    void readsTheNextTradeAfterAFailure() throws Exception {
        byte[] good = trade(1, 0);
        failure(Arrays.copyOf(good, 5));
        assertThat(read(good).tradeId()).isEqualTo(1);
    }

    /** Returns 1 if the bytes are accepted; then Avro must read the same trade and write the same bytes. */
    private int readAsAvroReadsIt(byte[] datum) throws IOException {
        Trade trade;
        try {
            trade = read(datum);
        } catch (DecodeException failure) {
            assertThat(failure.reason()).isIn(Reason.MALFORMED, Reason.OUT_OF_RANGE);
            return 0;
        }
        GenericRecord record = ApacheAvro.decode(ApacheAvro.RAW, Schemas.TRADE, datum);
        assertThat(trade.tradeId()).isEqualTo(record.get("trade_id"));
        assertThat(trade.id(0)).isEqualTo(record.get("instrument_id"));
        assertThat(trade.id(1)).isEqualTo(record.get("user_id"));
        assertThat(trade.tradeTime()).isEqualTo(record.get("trade_time"));
        assertThat(ApacheAvro.encode(ApacheAvro.RAW, record)).isEqualTo(datum);
        return 1;
    }

    private Trade read(byte[] datum) throws DecodeException {
        return reader.read(ApacheAvro.sourceRecord(Feed.TRADES, datum), datum, 0);
    }

    private DecodeException failure(byte[] datum) {
        DecodeException failure = catchThrowableOfType(DecodeException.class, () -> read(datum));
        assertThat(failure).as("the failure of %d bytes", datum.length).isNotNull();
        return failure;
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
