package io.tradeenrichment.market;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.apache.avro.Schema;

/** Texts that fit the name of their field. */
final class PlausibleText {
    private static final int CODES = 100_000;
    private static final List<String> CURRENCIES = List.of("USD", "EUR", "GBP", "JPY", "CHF", "CAD");
    private static final List<String> COUNTRIES = List.of("US", "DE", "GB", "JP", "CH", "CA", "FR", "SG");
    private static final List<String> VENUES = List.of("XNYS", "XNAS", "ARCX", "BATS", "XCBO", "IEXG");
    private static final List<String> SIDES = List.of("BUY", "SELL");

    private PlausibleText() {}

    static Function<Draw, String> of(FieldName name, Schema type) {
        CodeText code = CodeText.named(name, type);
        if (code != null) {
            return draw -> code.of(1 + draw.below(CODES));
        }
        if (name.has("currency", "ccy")) {
            return oneOf(CURRENCIES);
        }
        if (name.has("country")) {
            return oneOf(COUNTRIES);
        }
        if (name.has("venue", "exchange") || name.is("mic")) {
            return oneOf(VENUES);
        }
        if (name.has("side")) {
            return oneOf(SIDES);
        }
        if (name.has("email")) {
            return draw -> Usernames.words(draw.bits(), ".").toLowerCase(Locale.ROOT) + "@example.com";
        }
        if (name.is("username", "login")) {
            return draw -> Usernames.words(draw.bits(), "");
        }
        if (name.is("name", "owner", "trader")) {
            return draw -> Usernames.words(draw.bits(), " ");
        }
        if (name.isId() || name.is("code", "reference", "number")) {
            CodeText numbered = CodeText.prefixed(name.stem());
            return draw -> numbered.of(1 + draw.below(CODES));
        }
        return draw -> Usernames.words(draw.bits(), "-").toLowerCase(Locale.ROOT);
    }

    private static Function<Draw, String> oneOf(List<String> texts) {
        return draw -> texts.get((int) draw.below(texts.size()));
    }
}
