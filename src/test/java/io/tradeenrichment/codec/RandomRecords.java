package io.tradeenrichment.codec;

import io.tradeenrichment.codec.schema.Schemas;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Random;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** Seeded random records: numbers of every length, limits, and text of every kind. */
public final class RandomRecords {
    private static final String ROOT = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
    private static final long[] EXTREMES = {0, 1, -1, 63, 64, -64, -65, Long.MAX_VALUE, Long.MIN_VALUE};
    private static final LocalDate FIRST_EXPIRY = LocalDate.of(2000, 1, 1);
    private static final LocalDate LAST_EXPIRY = LocalDate.of(2099, 12, 31);

    private static final Pattern FORBIDDEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    private static final Pattern FORBIDDEN_AT_THE_ENDS = Pattern.compile(
            "^[\\p{Z}\\u115F\\u1160\\u2800\\u3164\\uFFA0]|[\\p{Z}\\u115F\\u1160\\u2800\\u3164\\uFFA0]$");

    private final Random random;

    public RandomRecords(long seed) {
        random = new Random(seed);
    }

    public GenericRecord trade() {
        return record(
                Schemas.TRADE,
                number(),
                number(),
                number(),
                time(),
                decimal(18, 6),
                number(),
                symbol(Schemas.TRADE, "side"));
    }

    public GenericRecord instrument() {
        return switch (random.nextInt(3)) {
            case 0 -> option("CALL");
            case 1 -> option("PUT");
            default -> stock();
        };
    }

    public GenericRecord option(String type) {
        return record(
                Schemas.INSTRUMENT,
                number(),
                time(),
                root(),
                instrumentType(type),
                decimal(8, 3).abs(),
                FIRST_EXPIRY.plusDays(random.nextLong(ChronoUnit.DAYS.between(FIRST_EXPIRY, LAST_EXPIRY) + 1)));
    }

    /** Mostly without a strike and an expiry. */
    public GenericRecord stock() {
        return record(
                Schemas.INSTRUMENT,
                number(),
                time(),
                text(),
                instrumentType("STOCK"),
                random.nextInt(4) == 0 ? decimal(8, 3) : null,
                random.nextInt(4) == 0 ? LocalDate.ofEpochDay(random.nextInt()) : null);
    }

    public GenericRecord user() {
        return record(Schemas.USER, number(), time(), text());
    }

    public static GenericRecord record(Schema schema, Object... values) {
        GenericData.Record record = new GenericData.Record(schema);
        for (int i = 0; i < values.length; i++) {
            record.put(i, values[i]);
        }
        return record;
    }

    public static GenericData.EnumSymbol instrumentType(String name) {
        return new GenericData.EnumSymbol(Schemas.INSTRUMENT.getField("type").schema(), name);
    }

    public long number() {
        return random.nextInt(8) == 0
                ? EXTREMES[random.nextInt(EXTREMES.length)]
                : random.nextLong() >> random.nextInt(64);
    }

    public byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    public int below(int bound) {
        return random.nextInt(bound);
    }

    public String root() {
        StringBuilder root = new StringBuilder();
        for (int left = 1 + random.nextInt(6); left > 0; left--) {
            root.append(ROOT.charAt(random.nextInt(ROOT.length())));
        }
        return root.toString();
    }

    /** One to twenty characters of one to four bytes, including right-to-left ones and blanks. */
    private String text() {
        int[] limits = {0x80, 0x800, 0xD800, Character.MAX_CODE_POINT + 1};
        StringBuilder text = new StringBuilder();
        for (int left = 1 + random.nextInt(20); left > 0; left--) {
            String character = Character.toString(random.nextInt(limits[random.nextInt(limits.length)]));
            text.append(FORBIDDEN.matcher(character).matches() ? "x" : character);
        }
        return FORBIDDEN_AT_THE_ENDS.matcher(text).replaceAll("y");
    }

    private Instant time() {
        return Instant.EPOCH.plus(number(), ChronoUnit.MICROS);
    }

    /** Of any number of digits, with both signs and both limits. */
    public BigDecimal decimal(int precision, int scale) {
        char[] digits = new char[random.nextInt(precision) + 1];
        Arrays.fill(digits, '9');
        BigInteger limit = new BigInteger(new String(digits));
        BigInteger unscaled = random.nextInt(4) == 0 ? limit : new BigInteger(limit.bitLength(), random).min(limit);
        return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), scale);
    }

    private GenericData.EnumSymbol symbol(Schema record, String field) {
        Schema type = record.getField(field).schema();
        return new GenericData.EnumSymbol(
                type,
                type.getEnumSymbols().get(random.nextInt(type.getEnumSymbols().size())));
    }
}
