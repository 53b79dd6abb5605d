package io.tradeenrichment.settings;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;
import org.snakeyaml.engine.v2.schema.CoreSchema;

/**
 * A YAML settings file with nested or dotted keys. Values stay text, with their lines: the setting knows its type better than
 * YAML's type rules do.
 */
final class SettingsFile {
    private static final int DEEPEST = 16;

    private final String file;
    private final KnownKeys keys;
    private final Map<String, RawSetting> settings = new LinkedHashMap<>();

    private SettingsFile(String file, KnownKeys keys) {
        this.file = file;
        this.keys = keys;
    }

    /** @throws SettingsException with the file and, where possible, the line */
    static Map<String, RawSetting> read(String file, KnownKeys keys) {
        var reader = new SettingsFile(file, keys);
        Node root = reader.parse(reader.text()).orElse(null);
        if (root instanceof MappingNode mapping) {
            reader.readMapping("", mapping, 0);
        } else if (root != null && !isNull(root)) {
            throw SettingsException.of(file + " is not a settings file: it must have lines of the form key: value");
        }
        return reader.settings;
    }

    private String text() {
        try {
            Path path = Path.of(file);
            if (!Files.exists(path)) {
                throw SettingsException.of("the settings file " + file + " does not exist");
            }
            return Files.readString(path);
        } catch (CharacterCodingException e) {
            throw SettingsException.of(file + " is not a settings file: it is not UTF-8 text");
        } catch (IOException e) {
            throw SettingsException.of("the settings file " + file + " cannot be read");
        }
    }

    private Optional<Node> parse(String text) {
        var yaml = LoadSettings.builder()
                .setLabel(file)
                .setSchema(new CoreSchema())
                .build();
        try {
            return new Compose(yaml).composeString(text);
        } catch (MarkedYamlEngineException e) {
            String line = e.getProblemMark()
                    .map(mark -> ", line " + (mark.getLine() + 1))
                    .orElse("");
            throw SettingsException.of(file + line + ": not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw SettingsException.of(file + ": not YAML: " + Failures.message(e));
        }
    }

    private void readMapping(String prefix, MappingNode mapping, int depth) {
        if (depth > DEEPEST) {
            throw SettingsException.of(origin(mapping).prefix() + "keys are nested more than " + DEEPEST + " deep");
        }
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode name)) {
                throw SettingsException.of(origin(entry.getKeyNode()).prefix() + "a key must be plain text");
            }
            String key = prefix.isEmpty() ? name.getValue() : prefix + "." + name.getValue();
            readEntry(key, entry.getValueNode(), origin(name), depth);
        }
    }

    private void readEntry(String key, Node value, Origin origin, int depth) {
        Setting setting = keys.find(key);
        boolean isMap = setting != null && setting.shape() == Setting.Shape.MAP;
        boolean isHeading = setting == null ? keys.isPrefix(key) : isMap && key.equals(setting.key());
        if (isHeading && isNull(value)) {
            return; // All keys below it are commented out.
        }
        if (value instanceof MappingNode below && (isHeading || isMap)) {
            readMapping(key, below, depth + 1);
        } else if (setting == null) {
            throw keys.unknown(firstKeyBelow(key, value)).at(origin);
        } else if (value instanceof MappingNode) {
            throw new SettingsException(key, key + " has keys below it, but takes a value").at(origin);
        } else {
            RawSetting raw = raw(key, value, origin);
            // Also if the command line overrides the value: without that argument, the next start would fail.
            raw.parse(setting);
            add(raw);
        }
    }

    /** The key that an unknown nested entry most likely means to set. */
    private static String firstKeyBelow(String key, Node value) {
        return value instanceof MappingNode below
                        && !below.getValue().isEmpty()
                        && below.getValue().get(0).getKeyNode() instanceof ScalarNode name
                ? key + "." + name.getValue()
                : key;
    }

    private static RawSetting raw(String key, Node value, Origin origin) {
        return value instanceof SequenceNode list
                ? RawSetting.list(
                        key,
                        list.getValue().stream()
                                .map(element -> scalar(key, element, origin))
                                .toList(),
                        origin)
                : RawSetting.text(key, scalar(key, value, origin), origin);
    }

    private static String scalar(String key, Node value, Origin origin) {
        if (isNull(value)) {
            throw RawSetting.text(key, "", origin).missingValue();
        }
        if (value instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw new SettingsException(key, key + " has a nested list or keys in a list, but takes plain values")
                .at(origin);
    }

    private void add(RawSetting raw) {
        RawSetting first = settings.put(raw.key(), raw);
        if (first != null) {
            String sentence = " is given twice, first at " + first.origin().name() + "; keep one of them";
            throw new SettingsException(raw.key(), raw.key() + sentence).at(raw.origin());
        }
    }

    private Origin origin(Node node) {
        return Origin.in(node.getStartMark()
                .map(mark -> file + ", line " + (mark.getLine() + 1))
                .orElse(file));
    }

    private static boolean isNull(@Nullable Node node) {
        return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
    }
}
