package io.tradeenrichment.settings;

import java.util.List;
import java.util.stream.Stream;

/**
 * A key and the text that a user gave it.
 *
 * @param texts one text, or, where the place has lists, as many as the list has
 * @param listed whether it was written as a list
 */
record RawSetting(String key, List<String> texts, boolean listed, Origin place) {

    static RawSetting text(String key, String text, Origin place) {
        return new RawSetting(key, List.of(text), false, place);
    }

    static RawSetting list(String key, List<String> texts, Origin place) {
        return new RawSetting(key, List.copyOf(texts), true, place);
    }

    /**
     * What the texts mean to the setting.
     *
     * @throws SettingsException if they mean nothing to it
     */
    Object read(Setting setting) {
        return switch (setting.shape()) {
            case LIST -> elements().map(text -> value(setting, text)).toList();
            case ONE -> value(setting, only());
            case MAP -> only();
        };
    }

    /**
     * As it would be written on a command line.
     *
     * @throws SettingsException if it is a secret, which others could read there, or a list that commas do not part
     */
    String asArgument() {
        if (listed && texts.stream().anyMatch(text -> text.contains(","))) {
            throw refused(key + " has an element with a comma in it, which cannot be passed on as an argument");
        }
        String text = String.join(",", texts);
        if (Redaction.isPlainSecret(key, text)) {
            throw refused(
                    key + " is a secret, and arguments are kept and shown; name the place where it stands instead,"
                            + " such as ${file:/etc/secrets/kafka.properties:password}, or use the key's -file form");
        }
        return text;
    }

    private Stream<String> elements() {
        return listed
                ? texts.stream()
                : Stream.of(texts.get(0).split(",", -1)).map(String::strip).filter(text -> !text.isEmpty());
    }

    private String only() {
        if (listed) {
            throw refused(key + " is a list, but takes one value");
        }
        return texts.get(0);
    }

    private Object value(Setting setting, String text) {
        if (text.isBlank()) {
            throw withoutValue();
        }
        try {
            return setting.read(text);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw refused(key + " is " + shown(text) + ", but takes " + setting.taken());
        }
    }

    /** The refusal of a key that nothing follows. */
    SettingsException withoutValue() {
        return refused(key + " has no value; give it one, or leave the key out");
    }

    private String shown(String text) {
        return "'" + Redaction.of(key, text) + "'";
    }

    private SettingsException refused(String sentence) {
        return new SettingsException(key, sentence).at(place);
    }
}
