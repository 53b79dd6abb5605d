package io.tradeenrichment.settings;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
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
 * Settings in YAML, nested or with dots in the keys. Every value is taken as it is written, and with its line: YAML's own
 * guesses at types would only blur what the user wrote.
 */
final class SettingsFile {
    private static final int DEEPEST = 16;

    private final String file;
    private final KnownKeys keys;
    private final Map<String, RawSetting> given = new LinkedHashMap<>();

    private SettingsFile(String file, KnownKeys keys) {
        this.file = file;
        this.keys = keys;
    }

    /** @throws SettingsException naming the file, and the line where there is one */
    static Map<String, RawSetting> read(String file, KnownKeys keys) {
        var reading = new SettingsFile(file, keys);
        reading.root(reading.yaml(reading.text())).ifPresent(root -> reading.mapping("", root, 0));
        return reading.given;
    }

    private String text() {
        try {
            Path path = Path.of(file);
            if (!Files.exists(path)) {
                throw SettingsException.of("there is no file " + file + " to read settings from");
            }
            return Files.readString(path);
        } catch (CharacterCodingException e) {
            throw SettingsException.of(file + " is not a settings file: it is not UTF-8 text");
        } catch (IOException e) {
            throw SettingsException.of("the settings file " + file + " cannot be read");
        }
    }

    private Optional<Node> yaml(String text) {
        var settings = LoadSettings.builder()
                .setLabel(file)
                .setSchema(new CoreSchema())
                .build();
        try {
            return new Compose(settings).composeString(text);
        } catch (MarkedYamlEngineException e) {
            String line = e.getProblemMark()
                    .map(mark -> ", line " + (mark.getLine() + 1))
                    .orElse("");
            throw SettingsException.of(file + line + ": not YAML: " + e.getProblem());
        } catch (YamlEngineException e) {
            throw SettingsException.of(file + ": not YAML: " + e.getMessage());
        }
    }

    private Optional<MappingNode> root(Optional<Node> node) {
        return node.filter(root -> !isNothing(root)).map(root -> {
            if (root instanceof MappingNode mapping) {
                return mapping;
            }
            throw SettingsException.of(file + " is not a settings file: it should hold lines of the form key: value");
        });
    }

    private void mapping(String above, MappingNode mapping, int depth) {
        if (depth > DEEPEST) {
            throw SettingsException.of(place(mapping).prefix() + "keys are nested deeper than any key is long");
        }
        for (NodeTuple entry : mapping.getValue()) {
            if (!(entry.getKeyNode() instanceof ScalarNode name)) {
                throw SettingsException.of(place(entry.getKeyNode()).prefix() + "a key must be plain text");
            }
            entry(above.isEmpty() ? name.getValue() : above + "." + name.getValue(), name, entry.getValueNode(), depth);
        }
    }

    private void entry(String key, Node name, Node value, int depth) {
        Origin place = place(name);
        Setting setting = keys.find(key);
        if (setting == null) {
            // A heading: with keys below it, or with all of them commented out.
            if (!keys.goOnAfter(key) || !(value instanceof MappingNode || isNothing(value))) {
                throw unknown(key, value).at(place);
            }
            if (value instanceof MappingNode below) {
                mapping(key, below, depth + 1);
            }
        } else if (value instanceof MappingNode below) {
            if (setting.shape() != Setting.Shape.MAP) {
                throw new SettingsException(key, key + " has keys below it, but takes a value").at(place);
            }
            mapping(key, below, depth + 1);
        } else if (setting.shape() != Setting.Shape.MAP || !key.equals(setting.key()) || !isNothing(value)) {
            RawSetting next = given(key, value, place);
            // A wrong value is refused even if the command line has a better one: it is wrong for the next start too.
            next.read(setting);
            add(next);
        }
    }

    /** What is not known may be the lowest key of a nest: that one is named, for it is what the user meant to set. */
    private SettingsException unknown(String key, Node value) {
        if (value instanceof MappingNode below
                && !below.getValue().isEmpty()
                && below.getValue().get(0).getKeyNode() instanceof ScalarNode name) {
            return keys.unknown(key + "." + name.getValue());
        }
        return keys.unknown(key);
    }

    private RawSetting given(String key, Node value, Origin place) {
        if (value instanceof SequenceNode sequence) {
            List<String> texts = new ArrayList<>();
            for (Node element : sequence.getValue()) {
                texts.add(scalar(key, element, place));
            }
            return RawSetting.list(key, texts, place);
        }
        return RawSetting.text(key, scalar(key, value, place), place);
    }

    private static String scalar(String key, Node value, Origin place) {
        if (isNothing(value)) {
            throw RawSetting.text(key, "", place).withoutValue();
        }
        if (value instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw new SettingsException(key, key + " has a list or keys within a list, but takes plain values").at(place);
    }

    private void add(RawSetting next) {
        RawSetting before = given.put(next.key(), next);
        if (before != null) {
            throw new SettingsException(
                            next.key(),
                            next.key() + " is given twice, first at "
                                    + before.place().name() + "; keep one of them")
                    .at(next.place());
        }
    }

    private Origin place(Node node) {
        return Origin.in(node.getStartMark()
                .map(mark -> file + ", line " + (mark.getLine() + 1))
                .orElse(file));
    }

    private static boolean isNothing(@Nullable Node node) {
        return node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.NULL);
    }
}
