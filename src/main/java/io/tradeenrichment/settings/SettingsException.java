package io.tradeenrichment.settings;

import org.jspecify.annotations.Nullable;

/** Unusable settings. The message is one sentence that names the key and the remedy. */
public final class SettingsException extends IllegalArgumentException {
    private final @Nullable String key;

    /** @param sentence begins with the key */
    public SettingsException(String key, String sentence) {
        this(key, sentence, null);
    }

    private SettingsException(@Nullable String key, String sentence, @Nullable Throwable cause) {
        super(Failures.oneLine(sentence), cause);
        this.key = key;
    }

    /** An error that concerns no single key, such as an unreadable file. */
    static SettingsException of(String sentence) {
        return new SettingsException(null, sentence, null);
    }

    /** The same error with its file and line. */
    SettingsException at(Origin origin) {
        return new SettingsException(key, origin.prefix() + getMessage(), this);
    }

    @Nullable String key() {
        return key;
    }
}
