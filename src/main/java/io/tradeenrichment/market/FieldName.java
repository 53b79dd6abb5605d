package io.tradeenrichment.market;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The words of a field's name: {@code accountUuid} and {@code account_uuid} are equal. */
record FieldName(List<String> words) {
    static FieldName of(String name) {
        return new FieldName(List.of(name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .toLowerCase(Locale.ROOT)
                .split("_+")));
    }

    /** Whether the last word ends with one of these. */
    boolean is(String... endings) {
        return Stream.of(endings).anyMatch(last()::endsWith);
    }

    boolean isId() {
        return last().equals("id");
    }

    private String last() {
        return words.isEmpty() ? "" : words.get(words.size() - 1);
    }

    /** Whether a word begins with one of these. */
    boolean has(String... beginnings) {
        return words.stream().anyMatch(word -> Stream.of(beginnings).anyMatch(word::startsWith));
    }

    /** The name without {@code id} as its last word. */
    String stem() {
        return String.join("", isId() ? words.subList(0, words.size() - 1) : words);
    }
}
