package io.tradeenrichment.config;

import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.SettingsException;
import java.io.Serializable;
import org.apache.flink.configuration.ConfigOption;
import org.jspecify.annotations.Nullable;

/**
 * Where the job finds the schema of a feed.
 *
 * @param file the path, as the user writes it; null unless the schema is in a file
 */
public record SchemaSource(Origin origin, @Nullable String file) implements Serializable {
    public static final SchemaSource BUNDLED = new SchemaSource(Origin.BUNDLED, null);
    public static final SchemaSource REGISTRY = new SchemaSource(Origin.REGISTRY, null);

    /** The kinds of sources. */
    public enum Origin {
        /** A schema of the job's jar. */
        BUNDLED,
        /** The newest schema of the feed's subject. */
        REGISTRY,
        /** A schema file, which is read when the job is submitted. */
        FILE
    }

    public static SchemaSource file(String path) {
        return new SchemaSource(Origin.FILE, path);
    }

    static SchemaSource from(CheckedConfiguration checked, ConfigOption<String> option) {
        String key = option.key();
        String text = checked.get(option).strip();
        if (text.endsWith(".avsc")) {
            return file(text);
        }
        return switch (text) {
            case "bundled" -> BUNDLED;
            case "registry" -> {
                requireRegistry(checked, key);
                yield REGISTRY;
            }
            default ->
                throw new SettingsException(
                        key, key + " is '" + text + "', but takes a schema file (.avsc), registry or bundled");
        };
    }

    private static void requireRegistry(CheckedConfiguration checked, String key) {
        if (checked.get(JobOptions.WIRE_FRAMING) != Framing.CONFLUENT) {
            throw new SettingsException(
                    key,
                    key + " is registry, but " + JobOptions.WIRE_FRAMING.key()
                            + " is single-object, which uses no registry; set it to confluent, or give a schema file");
        }
    }

    /** The text in settings. */
    @Override
    public String toString() {
        return switch (origin) {
            case BUNDLED -> "bundled";
            case REGISTRY -> "registry";
            case FILE -> String.valueOf(file);
        };
    }
}
