package io.tradeenrichment.market;

import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Texts of numbered things, such as {@code AC-000123}: a function of the number, and unique below a hundred million. */
interface CodeText {
    String of(long number);

    /** The form that the name or the logical type asks for: UUID, ISIN or ticker; null for any other. */
    static @Nullable CodeText named(FieldName name, Schema type) {
        if (name.is("uuid", "guid") || "uuid".equals(type.getProp("logicalType"))) {
            return CodeText::uuid;
        }
        if (name.is("isin")) {
            return CodeText::isin;
        }
        return name.is("ticker", "symbol") ? CodeText::ticker : null;
    }

    /** The first two letters of a name, and six digits or more. */
    static CodeText prefixed(String name) {
        List<String> letters = name.codePoints()
                .filter(Character::isLetter)
                .limit(2)
                .mapToObj(Character::toString)
                .toList();
        String prefix = String.join("", letters).toUpperCase(Locale.ROOT);
        return number -> {
            String digits = Long.toString(number);
            return prefix + "-" + "0".repeat(Math.max(0, 6 - digits.length())) + digits;
        };
    }

    private static String uuid(long number) {
        long high = IndexedRandom.mix(number);
        long low = IndexedRandom.mix(high);
        return new UUID((high & ~0xF000L) | 0x4000L, (low >>> 2) | Long.MIN_VALUE).toString();
    }

    /** An ISIN of the United States with its check digit (ISO 6166). */
    private static String isin(long number) {
        String body = "US" + String.format(Locale.ROOT, "%09d", Math.floorMod(number, 1_000_000_000L));
        StringBuilder digits = new StringBuilder();
        body.chars().forEach(c -> digits.append(Character.digit(c, 36)));
        int sum = 0;
        for (int i = 0; i < digits.length(); i++) {
            boolean isDoubled = (digits.length() - i) % 2 == 1;
            int digit = (digits.charAt(i) - '0') * (isDoubled ? 2 : 1);
            sum += digit / 10 + digit % 10;
        }
        return body + (10 - sum % 10) % 10;
    }

    private static String ticker(long number) {
        int length = 6;
        // The product is unique: the factor has no common divisor with the number of texts.
        long rest = Math.floorMod(number * 263_267, 26L * 26 * 26 * 26 * 26 * 26);
        char[] letters = new char[length];
        for (int i = length - 1; i >= 0; i--) {
            letters[i] = (char) ('A' + rest % 26);
            rest /= 26;
        }
        return new String(letters);
    }
}
