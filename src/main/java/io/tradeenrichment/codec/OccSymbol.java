package io.tradeenrichment.codec;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.unit.Unit;
import io.tradeenrichment.codec.unit.UnitAnnotations;
import io.tradeenrichment.model.Reason;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.List;
import org.apache.avro.Schema;

/**
 * The symbol of an option (OCC, Options Symbology Initiative): root, expiry as yymmdd, C or P, strike in thousandths as
 * eight digits. The compact form is {@code SPY241103C00200000}; the padded form has the 21 characters of clearing files.
 */
public final class OccSymbol {
    private static final int ROOT_LENGTH = 6;
    private static final int TAIL_LENGTH = 15;
    private static final long MAX_STRIKE = 99_999_999;

    private OccSymbol() {}

    /**
     * @param expiry in days since 1970, within the years 2000 to 2099
     * @param strike in thousandths, 0 to 99,999,999
     * @throws DecodeException with {@link Reason#INVALID_ROW} if a part does not fit the symbol
     */
    public static String compact(String root, long expiry, boolean call, long strike) throws DecodeException {
        if (!isRoot(root)) {
            throw new DecodeException(
                    Reason.INVALID_ROW,
                    "an option's ticker must be one to six of A-Z and 0-9 to make an OCC symbol, but is \"" + root
                            + "\"");
        }
        if (strike < 0 || strike > MAX_STRIKE) {
            throw new DecodeException(Reason.INVALID_ROW, "the strike does not fit the eight digits of an OCC symbol");
        }
        if (expiry < FIRST_EXPIRY || expiry > LAST_EXPIRY) {
            throw new DecodeException(
                    Reason.INVALID_ROW, "the expiry is outside the years 2000 to 2099 of an OCC symbol");
        }
        LocalDate date = LocalDate.ofEpochDay(expiry);
        StringBuilder symbol = new StringBuilder(ROOT_LENGTH + TAIL_LENGTH).append(root);
        appendDigits(symbol, date.getYear() % 100, 2);
        appendDigits(symbol, date.getMonthValue(), 2);
        appendDigits(symbol, date.getDayOfMonth(), 2);
        symbol.append(call ? 'C' : 'P');
        appendDigits(symbol, strike, 8);
        return symbol.toString();
    }

    /** The padded form: the root is filled with blanks to six characters. */
    public static String padded(String compact) {
        int root = compact.length() - TAIL_LENGTH;
        if (root < 1 || root > ROOT_LENGTH) {
            throw new IllegalArgumentException("\"" + compact + "\" is not a compact OCC symbol");
        }
        return compact.substring(0, root) + " ".repeat(ROOT_LENGTH - root) + compact.substring(root);
    }

    private static boolean isRoot(String ticker) {
        if (ticker.isEmpty() || ticker.length() > ROOT_LENGTH) {
            return false;
        }
        for (int i = 0; i < ticker.length(); i++) {
            char c = ticker.charAt(i);
            if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9')) {
                return false;
            }
        }
        return true;
    }

    /** What the rows of a schema say about options: the symbols of their type, and the scale of their strike. */
    record Options(int call, int put, int scale) {
        private static final int THOUSANDTHS = 3;

        /**
         * @param type an enum: CALL and PUT are options
         * @param strike a decimal with a scale of 0 to 3, or a union of null and one
         */
        static Options of(Schema.Field type, Schema.Field strike) {
            Schema decimal = strike.schema();
            for (Schema branch : strike.schema().isUnion() ? strike.schema().getTypes() : List.<Schema>of()) {
                decimal = branch.getType() == Schema.Type.NULL ? decimal : branch;
            }
            List<String> symbols = type.schema().getEnumSymbols();
            return new Options(
                    symbols.indexOf("CALL"),
                    symbols.indexOf("PUT"),
                    UnitAnnotations.of(strike, decimal) instanceof Unit.Decimal unit ? unit.scale() : 0);
        }

        /** @param type the index of the symbol */
        boolean isOption(long type) {
            return type == call || type == put;
        }

        boolean isCall(long type) {
            return type == call;
        }

        /**
         * Returns -1 or less for a strike that does not fit a symbol.
         *
         * @param start of the encoded decimal that was checked; {@code end} is the position after it
         */
        long thousandths(byte[] bytes, int start, int end) {
            int at = Utf8Reader.contentStart(bytes, start, end);
            BigInteger unscaled = new BigInteger(bytes, at, end - at);
            BigInteger thousandths = unscaled.multiply(BigInteger.TEN.pow(THOUSANDTHS - scale));
            return thousandths.bitLength() < Long.SIZE ? thousandths.longValue() : -1;
        }
    }

    private static void appendDigits(StringBuilder into, long value, int digits) {
        long power = 1;
        for (int i = 1; i < digits; i++) {
            power *= 10;
        }
        for (; power > 0; power /= 10) {
            into.append((char) ('0' + value / power % 10));
        }
    }

    private static final long FIRST_EXPIRY = LocalDate.of(2000, 1, 1).toEpochDay();
    private static final long LAST_EXPIRY = LocalDate.of(2099, 12, 31).toEpochDay();
}
