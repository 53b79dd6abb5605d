package io.tradeenrichment.registry;

import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.SettingsException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.configuration.ConfigOption;
import org.jspecify.annotations.Nullable;

/**
 * A password or the file that contains it. The file is read at each use, so the password can be changed without a
 * restart.
 */
record Secret(String text, boolean isFile) implements Serializable {

    /**
     * Null if neither option is set.
     *
     * @throws SettingsException if both are set
     */
    static @Nullable Secret from(CheckedConfiguration checked, ConfigOption<String> direct, ConfigOption<String> file) {
        if (checked.isSet(direct) && checked.isSet(file)) {
            throw new SettingsException(
                    direct.key(), direct.key() + " and " + file.key() + " are both set; leave one of them out");
        }
        String path = RegistryConfig.text(checked, file);
        if (path != null) {
            return new Secret(path, true);
        }
        return checked.isSet(direct) ? new Secret(checked.get(direct), false) : null;
    }

    /** @throws IOException with the file's name if the file cannot be read */
    String read() throws IOException {
        if (!isFile) {
            return text;
        }
        try {
            // Editors and echo append a line break.
            return Files.readString(Path.of(text)).replaceFirst("\\R$", "");
        } catch (IOException | RuntimeException e) {
            throw new IOException("the password file " + text + " cannot be read", e);
        }
    }

    @Override
    public String toString() {
        return isFile ? "in the file " + text : "******";
    }
}
