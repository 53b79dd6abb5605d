package io.tradeenrichment.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.Reason;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class RowReaderTest {
    private static final int CALL = 0;
    private static final int STOCK = 2;
    private static final byte[] SPY = "SPY".getBytes(StandardCharsets.US_ASCII);
    private static final int EXPIRY = (int) LocalDate.of(2027, 11, 19).toEpochDay();

    private final RandomRecords random = new RandomRecords(3);
    private final RowReader instruments = new RowReader(JobSchemas.bundled().row(Dimension.INSTRUMENT));
    private final RowReader users = new RowReader(JobSchemas.bundled().row(Dimension.USER));

    @ParameterizedTest
    @FieldSource("io.tradeenrichment.model.Dimension#BUNDLED")
    void readsTheIdAndTheVersion(Dimension dimension) throws Exception {
        for (int i = 0; i < 5_000; i++) {
            GenericRecord row = row(dimension);
            DimensionUpdate update = read(dimension, ApacheAvro.encode(ApacheAvro.LOGICAL, row));
            assertThat(update.dimension()).isEqualTo(dimension);
            assertThat(update.id()).isEqualTo(row.get(dimension.equals(Dimension.USER) ? "user_id" : "instrument_id"));
            assertThat(Instant.EPOCH.plus(update.validFrom(), ChronoUnit.MICROS))
                    .isEqualTo(row.get("valid_from"));
            assertThat(update.partition()).isEqualTo(3);
            assertThat(update.offset()).isEqualTo(1042);
        }
    }

    @ParameterizedTest
    @FieldSource("io.tradeenrichment.model.Dimension#BUNDLED")
    void rejectsEveryTruncation(Dimension dimension) {
        for (int i = 0; i < 2_000; i++) {
            byte[] good = ApacheAvro.encode(ApacheAvro.LOGICAL, row(dimension));
            for (int end = 0; end < good.length; end++) {
                assertThat(failure(dimension, Arrays.copyOf(good, end)).reason())
                        .isIn(Reason.MALFORMED, Reason.INVALID_ROW);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("io.tradeenrichment.model.Dimension#BUNDLED")
    void rejectsBytesAfterTheEnd(Dimension dimension) {
        for (int i = 0; i < 1_000; i++) {
            byte[] good = ApacheAvro.encode(ApacheAvro.LOGICAL, row(dimension));
            assertThat(failure(dimension, Arrays.copyOf(good, good.length + 1)).reason())
                    .isEqualTo(Reason.MALFORMED);
        }
    }

    @ParameterizedTest
    @FieldSource("io.tradeenrichment.model.Dimension#BUNDLED")
    void readsFlippedBitsAsAvroDoesOrRejectsThem(Dimension dimension) throws Exception {
        int taken = 0;
        for (int i = 0; i < 200; i++) {
            byte[] datum = ApacheAvro.encode(ApacheAvro.LOGICAL, row(dimension));
            for (int bit = 0; bit < datum.length * 8; bit++) {
                datum[bit / 8] ^= (byte) (1 << bit % 8);
                taken += readAsAvroReadsIt(dimension, datum);
                datum[bit / 8] ^= (byte) (1 << bit % 8);
            }
        }
        assertThat(taken).isGreaterThan(10_000);
    }

    @ParameterizedTest
    @FieldSource("io.tradeenrichment.model.Dimension#BUNDLED")
    void acceptsRandomBytesOnlyAsTheRowThatAvroReadsFromThem(Dimension dimension) throws Exception {
        for (int i = 0; i < 50_000; i++) {
            readAsAvroReadsIt(dimension, random.bytes(random.below(16)));
        }
        // Numbers, lengths and letters that occur in rows.
        byte[] alphabet = {0, 0, 0, 0, 2, 4, 4, 'A'};
        int taken = 0;
        for (int i = 0; i < 200_000; i++) {
            byte[] bytes = random.bytes(4 + random.below(6));
            for (int at = 0; at < bytes.length; at++) {
                bytes[at] = alphabet[bytes[at] & 7];
            }
            taken += readAsAvroReadsIt(dimension, bytes);
        }
        assertThat(taken).isGreaterThan(dimension.equals(Dimension.USER) ? 500 : 40);
    }

    @Test
    void encodesTheColumnsOfAnOption() throws Exception {
        byte[] fragment = read(Dimension.INSTRUMENT, instrument(SPY, CALL, strike(200_000), EXPIRY))
                .fragment();
        assertThat(new String(fragment, 2, 18, StandardCharsets.US_ASCII)).isEqualTo("SPY271119C00200000");
    }

    @Test
    void usesTheTickerOfAStockAsItsSymbol() throws Exception {
        byte[] ticker = "ブリッジ /😀".getBytes(StandardCharsets.UTF_8);
        byte[] fragment = read(Dimension.INSTRUMENT, instrument(ticker, STOCK, null, null))
                .fragment();
        assertThat(Arrays.copyOfRange(fragment, 2, 2 + ticker.length)).isEqualTo(ticker);
    }

    /** An unfinished sequence, a continuation byte, an overlong form, a surrogate, and a code point beyond Unicode. */
    @ParameterizedTest
    @ValueSource(strings = {"E2 82", "80", "C0 AF", "ED A0 80", "F4 90 80 80", "41 FF 42"})
    void rejectsTextThatIsNotUtf8ThoughAvroAcceptsIt(String hex) throws Exception {
        byte[] text = new BigInteger(hex.replace(" ", ""), 16).toByteArray();
        byte[] wrong = text[0] == 0 ? Arrays.copyOfRange(text, 1, text.length) : text;
        byte[] instrument = instrument(wrong, STOCK, null, null);
        byte[] user = user(wrong);
        ApacheAvro.decode(ApacheAvro.RAW, Schemas.INSTRUMENT, instrument);
        ApacheAvro.decode(ApacheAvro.RAW, Schemas.USER, user);

        assertThat(failure(Dimension.INSTRUMENT, instrument))
                .hasMessage("ticker is not UTF-8")
                .extracting(DecodeException::reason)
                .isEqualTo(Reason.MALFORMED);
        assertThat(failure(Dimension.USER, user))
                .hasMessage("username is not UTF-8")
                .extracting(DecodeException::reason)
                .isEqualTo(Reason.MALFORMED);
        // The decoder of text is reused, so it must be reset.
        read(Dimension.USER, user("ok".getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void rejectsEmptyText() {
        assertThat(failure(Dimension.INSTRUMENT, instrument(new byte[0], STOCK, null, null)))
                .hasMessage("ticker is empty")
                .extracting(DecodeException::reason)
                .isEqualTo(Reason.INVALID_ROW);
        assertThat(failure(Dimension.USER, user(new byte[0])))
                .hasMessage("username is empty")
                .extracting(DecodeException::reason)
                .isEqualTo(Reason.INVALID_ROW);
    }

    /** With the expected message after the name of the field. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'A\u0007B' | ' contains U+0007, a control character, as character 2 of 3'",
                "'A\u0001B' | ' contains U+0001, a control character, as character 2 of 3'",
                "'A\tB' | ' contains U+0009, a control character, as character 2 of 3'",
                "'AB\r\nC' | ' contains U+000D, a control character, as character 3 of 5'",
                "'ab\u007F' | ' contains U+007F, a control character, as character 3 of 3'",
                "'a\u0085b' | ' contains U+0085, a control character, as character 2 of 3'",
                "'\u009Bm' | ' contains U+009B, a control character, as character 1 of 2'",
                "'a\u2028b' | ' contains U+2028, a line separator, as character 2 of 3'",
                "'a\u2029' | ' contains U+2029, a paragraph separator, as character 2 of 2'",
                "'\uFEFFann' | ' contains U+FEFF, a format character, as character 1 of 4'",
                "'😀\u202Etxt' | ' contains U+202E, a format character, as character 2 of 5'",
                "'a\u2066b' | ' contains U+2066, a format character, as character 2 of 3'",
                "'a\u200Eb' | ' contains U+200E, a format character, as character 2 of 3'",
                "'a\u200Bb' | ' contains U+200B, a format character, as character 2 of 3'",
                "'a\u00ADb' | ' contains U+00AD, a format character, as character 2 of 3'",
                "'a\uDB40\uDC41b' | ' contains U+E0041, a format character, as character 2 of 3'",
                "' ' | ' is blank: it consists of invisible characters such as U+0020'",
                "'\u00A0\u3000' | ' is blank: it consists of invisible characters such as U+00A0'",
                "'\u3164' | ' is blank: it consists of invisible characters such as U+3164'",
                "'\u200D \u200D' | ' is blank: it consists of invisible characters such as U+200D'",
                "' ann' | ' starts with U+0020, which is invisible; remove it'",
                "'ann     ' | ' ends with U+0020, which is invisible; remove it'",
                "'\u2003ann' | ' starts with U+2003, which is invisible; remove it'",
                "'ann\u200D' | ' ends with U+200D, which is invisible; remove it'",
            })
    void rejectsTextWithInvisibleCharacters(String text, String sentence) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        assertThat(failure(Dimension.INSTRUMENT, instrument(bytes, STOCK, null, null)))
                .hasMessage("ticker" + sentence)
                .extracting(DecodeException::reason)
                .isEqualTo(Reason.INVALID_ROW);
        assertThat(failure(Dimension.USER, user(bytes)))
                .hasMessage("username" + sentence)
                .extracting(DecodeException::reason)
                .isEqualTo(Reason.INVALID_ROW);
    }

    @Test
    void rejectsNul() {
        assertThat(failure(Dimension.USER, user(new byte[] {'a', 0})))
                .hasMessage("username contains U+0000, a control character, as character 2 of 2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "BRK B",
                "a",
                "O'Neil \"Ann\"",
                "\\",
                "日本 太郎",
                "می\u200Cخواهم",
                "👩\u200D🚀",
                "e\u0301",
                "\uE000",
                "=1+1",
                "<b>"
            })
    void acceptsTextOfEveryScript(String text) throws Exception {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        byte[] columns = read(Dimension.USER, user(bytes)).fragment();
        assertThat(Arrays.copyOfRange(columns, 2, 2 + bytes.length)).isEqualTo(bytes);
        read(Dimension.INSTRUMENT, instrument(bytes, STOCK, null, null));
    }

    @Test
    void reportsAMalformedRowBeforeAnInvalidName() {
        byte[] cut = instrument(new byte[] {' '}, STOCK, null, null);
        assertThat(failure(Dimension.INSTRUMENT, Arrays.copyOf(cut, cut.length - 1))
                        .reason())
                .isEqualTo(Reason.MALFORMED);
        byte[] longer = user(new byte[] {7});
        assertThat(failure(Dimension.USER, Arrays.copyOf(longer, longer.length + 1))
                        .reason())
                .isEqualTo(Reason.MALFORMED);
    }

    @Test
    void rejectsAnOptionWithoutAStrikeOrWithoutAnExpiry() {
        for (byte[] incomplete : new byte[][] {
            instrument(SPY, CALL, null, EXPIRY),
            instrument(SPY, CALL, strike(1), null),
            instrument(SPY, CALL, null, null)
        }) {
            assertThat(failure(Dimension.INSTRUMENT, incomplete))
                    .hasMessage("instrument 1 is an option without a strike or without an expiry")
                    .extracting(DecodeException::reason)
                    .isEqualTo(Reason.INVALID_ROW);
        }
    }

    @Test
    void acceptsAStrikeOfEightDigitsButNotOfNine() throws Exception {
        read(Dimension.INSTRUMENT, instrument(SPY, CALL, strike(99_999_999), EXPIRY));
        read(Dimension.INSTRUMENT, instrument(SPY, CALL, strike(0), EXPIRY));
        for (byte[] tooMuch : new byte[][] {strike(100_000_000), strike(-100_000_000), strike(Long.MIN_VALUE)}) {
            assertThat(failure(Dimension.INSTRUMENT, instrument(SPY, CALL, tooMuch, EXPIRY)))
                    .hasMessage("strike has more than the 8 digits its type allows")
                    .extracting(DecodeException::reason)
                    .isEqualTo(Reason.OUT_OF_RANGE);
        }
    }

    @Test
    void rejectsANegativeStrike() {
        assertThat(failure(Dimension.INSTRUMENT, instrument(SPY, CALL, strike(-1), EXPIRY))
                        .reason())
                .isEqualTo(Reason.INVALID_ROW);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1999-12-31", "2100-01-01", "+5881580-07-11", "-5877641-06-23"})
    void rejectsAnExpiryOutsideTheYears2000To2099(LocalDate expiry) {
        byte[] option = instrument(SPY, CALL, strike(1), (int) expiry.toEpochDay());
        assertThat(failure(Dimension.INSTRUMENT, option).reason()).isEqualTo(Reason.INVALID_ROW);
    }

    @ParameterizedTest
    @ValueSource(longs = {Integer.MAX_VALUE + 1L, Integer.MIN_VALUE - 1L, Long.MAX_VALUE, Long.MIN_VALUE})
    void rejectsAnExpiryOfMoreThan32Bits(long expiry) {
        byte[] stock = ApacheAvro.written(encoder -> {
            writeHead(encoder, SPY, STOCK);
            encoder.writeIndex(0);
            encoder.writeIndex(1);
            encoder.writeLong(expiry);
        });
        assertThat(failure(Dimension.INSTRUMENT, stock))
                .hasMessageContaining("has " + expiry + " where a 32-bit number is expected")
                .extracting(DecodeException::reason)
                .isEqualTo(Reason.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 3, Integer.MAX_VALUE, 1L << 32, Long.MIN_VALUE})
    void rejectsATypeThatTheEnumDoesNotHave(long type) {
        assertThat(failure(Dimension.INSTRUMENT, instrument(SPY, type, null, null)))
                .hasMessageContaining("index " + type + " for type, which has only 3")
                .extracting(DecodeException::reason)
                .isEqualTo(Reason.MALFORMED);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 2, Integer.MAX_VALUE, 1L << 32, Long.MIN_VALUE})
    void rejectsABranchThatTheUnionDoesNotHave(long branch) {
        byte[] first = ApacheAvro.written(encoder -> {
            writeHead(encoder, SPY, STOCK);
            encoder.writeLong(branch);
            encoder.writeLong(0);
        });
        byte[] second = ApacheAvro.written(encoder -> {
            writeHead(encoder, SPY, STOCK);
            encoder.writeLong(0);
            encoder.writeLong(branch);
        });
        assertThat(failure(Dimension.INSTRUMENT, first))
                .hasMessageContaining("index " + branch + " for strike's union, which has only 2");
        assertThat(failure(Dimension.INSTRUMENT, second))
                .hasMessageContaining("index " + branch + " for expiry's union, which has only 2");
    }

    private int readAsAvroReadsIt(Dimension dimension, byte[] datum) throws IOException {
        DimensionUpdate update;
        try {
            update = read(dimension, datum);
        } catch (DecodeException failure) {
            assertThat(failure.reason()).isIn(Reason.MALFORMED, Reason.OUT_OF_RANGE, Reason.INVALID_ROW);
            return 0;
        }
        boolean user = dimension.equals(Dimension.USER);
        GenericRecord row = ApacheAvro.decode(ApacheAvro.RAW, user ? Schemas.USER : Schemas.INSTRUMENT, datum);
        assertThat(ApacheAvro.encode(ApacheAvro.RAW, row)).isEqualTo(datum);
        assertThat(update.id()).isEqualTo(row.get(0));
        assertThat(update.validFrom()).isEqualTo(row.get("valid_from"));

        GenericRecord trade = ApacheAvro.decode(ApacheAvro.RAW, Schemas.TRADE, new byte[] {2, 4, 6, 8, 2, 5, 12, 0});
        byte[] byAvro =
                ApacheAvro.encode(ApacheAvro.RAW, EnrichedByAvro.of(trade, user ? null : row, user ? row : null));
        byte[] columns = user
                ? Arrays.copyOfRange(byAvro, 8 + 6, byAvro.length)
                : Arrays.copyOfRange(byAvro, 8, byAvro.length - 2);
        assertThat(update.fragment()).isEqualTo(columns);
        return 1;
    }

    private GenericRecord row(Dimension dimension) {
        return dimension.equals(Dimension.USER) ? random.user() : random.instrument();
    }

    private DimensionUpdate read(Dimension dimension, byte[] datum) throws DecodeException {
        RowReader reader = dimension.equals(Dimension.USER) ? users : instruments;
        return reader.read(ApacheAvro.sourceRecord(dimension.feed(), datum), datum, 0);
    }

    private DecodeException failure(Dimension dimension, byte[] datum) {
        DecodeException failure = catchThrowableOfType(DecodeException.class, () -> read(dimension, datum));
        assertThat(failure).as("the failure of %d bytes", datum.length).isNotNull();
        return failure;
    }

    private static byte[] strike(long thousandths) {
        return BigInteger.valueOf(thousandths).toByteArray();
    }

    private static byte[] user(byte[] username) {
        return ApacheAvro.written(encoder -> {
            encoder.writeLong(1);
            encoder.writeLong(2);
            encoder.writeBytes(username);
        });
    }

    private static byte[] instrument(byte[] ticker, long type, byte @Nullable [] strike, @Nullable Integer expiry) {
        return ApacheAvro.written(encoder -> {
            writeHead(encoder, ticker, type);
            encoder.writeIndex(strike == null ? 0 : 1);
            if (strike != null) {
                encoder.writeBytes(strike);
            }
            encoder.writeIndex(expiry == null ? 0 : 1);
            if (expiry != null) {
                encoder.writeInt(expiry);
            }
        });
    }

    private static void writeHead(BinaryEncoder encoder, byte[] ticker, long type) throws IOException {
        encoder.writeLong(1);
        encoder.writeLong(2);
        encoder.writeBytes(ticker);
        encoder.writeLong(type);
    }
}
