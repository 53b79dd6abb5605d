package io.tradeenrichment.settings;

import java.util.List;
import java.util.stream.Stream;

/**
 * A key and the text of its value, not parsed yet.
 *
 * @param texts one text, or the elements of a YAML list
 * @param isList whether the value is a YAML list
 */
record RawSetting(String key, List<String> texts, boolean isList, Origin origin) {

    static RawSetting text(String key, String text, Origin origin) {
        return new RawSetting(key, List.of(text), false, origin);
    }

    static RawSetting list(String key, List<String> texts, Origin origin) {
        return new RawSetting(key, List.copyOf(texts), true, origin);
    }

    /** @throws SettingsException if the texts are not allowed values of the setting */
    Object parse(Setting setting) {
        return switch (setting.shape()) {
            case LIST -> elements().map(text -> parse(setting.type(), text)).toList();
            case SINGLE -> parse(setting.type(), singleText());
            case MAP -> singleText();
        };
    }

    /**
     * The value as one command-line argument.
     *
     * @throws SettingsException if it is a secret, which other users could read there, or a list element with a comma
     */
    String toArgument() {
        if (isList && texts.stream().anyMatch(text -> text.contains(","))) {
            throw error(key + " has a list element with a comma, which cannot be passed as an argument");
        }
        String text = String.join(",", texts);
        if (Redaction.isPlainSecret(key, text)) {
            throw error(
                    key + " is a secret, and arguments are stored and displayed; refer to it instead, for example with"
                            + " ${file:/etc/secrets/kafka.properties:password}, or use the key's -file form");
        }
        return text;
    }

    private Stream<String> elements() {
        return isList
                ? texts.stream()
                : Stream.of(texts.get(0).split(",", -1)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private String singleText() {
        if (isList) {
            throw error(key + " is a list, but takes one value");
        }
        return texts.get(0);
    }

    private Object parse(ValueType type, String text) {
        if (text.isBlank()) {
            throw missingValue();
        }
        try {
            return type.parse(text);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw error(key + " is '" + Redaction.of(key, text) + "', but takes " + type.allowedValues());
        }
    }

    SettingsException missingValue() {
        return error(key + " has no value; give it one, or leave the key out");
    }

    private SettingsException error(String sentence) {
        return new SettingsException(key, sentence).at(origin);
    }
}
