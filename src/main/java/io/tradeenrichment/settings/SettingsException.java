package io.tradeenrichment.settings;

import org.jspecify.annotations.Nullable;

/** Says in one sentence, which names the key, why the settings cannot be used and what to do. */
public final class SettingsException extends IllegalArgumentException {
    private final @Nullable String key;

    /** For what is wrong with one key's value; the sentence begins with the key. */
    public SettingsException(String key, String sentence) {
        super(oneLine(sentence));
        this.key = key;
    }

    private SettingsException(@Nullable String key, String sentence, @Nullable Throwable cause) {
        super(oneLine(sentence), cause);
        this.key = key;
    }

    /** For what is wrong with no key in particular, such as a file that cannot be read. */
    static SettingsException of(String sentence) {
        return new SettingsException(null, sentence, null);
    }

    /** The same, said of the place where the value stands. */
    SettingsException at(Origin place) {
        return new SettingsException(key, place.prefix() + getMessage(), this);
    }

    /** The key whose value is wrong, if the fault is one key's. */
    @Nullable String key() {
        return key;
    }

    // What others say of a fault, a parser for one, may run over many lines.
    private static String oneLine(String sentence) {
        return sentence.strip().replaceAll("\\s*\\R\\s*", " ");
    }
}
