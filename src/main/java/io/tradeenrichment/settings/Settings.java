package io.tradeenrichment.settings;

import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * What a user wants, merged: defaults, over them the settings file, over that the command line. Every key is known, and
 * every value is of its key's type; the records of each package check what a value means.
 */
public final class Settings {
    private static final String PASSED_ON = "--";

    private final CommandDescription program;
    private final Map<String, RawSetting> given;
    private final Configuration configuration = new Configuration();
    private final @Nullable String answer;
    private List<String> passedOn = List.of();
    private @Nullable String file;

    private Settings(
            CommandDescription program, KnownKeys keys, Map<String, RawSetting> given, @Nullable String answer) {
        this.program = program;
        this.given = given;
        this.answer = answer;
        Map<Setting, Map<String, String>> maps = new LinkedHashMap<>();
        for (RawSetting one : given.values()) {
            Setting setting = keys.find(one.key());
            if (setting == null
                    || (setting.shape() == Setting.Shape.MAP && one.key().equals(setting.key()))) {
                throw keys.unknown(one.key()).at(one.place());
            }
            Object value = one.read(setting);
            if (setting.shape() != Setting.Shape.MAP) {
                setting.set(configuration, value);
            } else {
                maps.computeIfAbsent(setting, any -> new TreeMap<>())
                        .put(one.key().substring(setting.key().length() + 1), (String) value);
            }
        }
        maps.forEach((setting, entries) -> setting.set(configuration, entries));
    }

    /**
     * Reads a command line, and the settings file if it names one.
     *
     * @throws SettingsException with one sentence if a key is unknown, doubled, without value or of the wrong type
     */
    public static Settings read(CommandDescription program, String... args) {
        int own = program.passesOn() ? List.of(args).indexOf(PASSED_ON) : -1;
        if (own >= 0) {
            Settings settings = read(program, Arrays.copyOf(args, own));
            settings.passedOn = List.of(args).subList(own + 1, args.length);
            return settings;
        }
        var keys = new KnownKeys(program.groups());
        Arguments arguments = Arguments.read(program, keys, args);
        Map<String, RawSetting> given = new LinkedHashMap<>();
        if (arguments.file() != null) {
            given.putAll(SettingsFile.read(arguments.file(), keys));
        }
        given.putAll(arguments.given());
        var settings = new Settings(program, keys, given, arguments.answer());
        settings.file = arguments.file();
        return settings;
    }

    /**
     * Takes settings that stand elsewhere, such as in a deployment's own description, by the same rules.
     *
     * @param source where they stand, for the sentences
     * @throws SettingsException as {@link #read} does
     */
    public static Settings of(CommandDescription program, Map<String, String> values, String source) {
        Map<String, RawSetting> given = new LinkedHashMap<>();
        values.forEach((key, value) -> given.put(key, RawSetting.text(key, value, Origin.in(source))));
        return new Settings(program, new KnownKeys(program.groups()), given, null);
    }

    /** What to print in place of a run, if help or the version was asked for. */
    public Optional<String> answer() {
        return Optional.ofNullable(answer);
    }

    /** What followed {@code --}, if the program passes that on. */
    public List<String> passedOn() {
        return passedOn;
    }

    /**
     * What was given, as arguments that mean the same: the settings file's lines among them, so that another machine
     * needs no such file. Nothing is masked.
     *
     * @throws SettingsException if a value is a secret itself, or cannot stand on a command line
     */
    public Map<String, String> asArguments() {
        Map<String, String> arguments = new LinkedHashMap<>();
        given.forEach((key, value) -> arguments.put(key, value.asArgument()));
        return arguments;
    }

    /**
     * What stood on the command line, as it can be typed into a shell for another command that takes the same keys; secrets
     * are redacted.
     *
     * @param without what the keys begin with that the other command does not take
     */
    public String commandLine(String without) {
        var line = new StringJoiner(" ");
        if (file != null) {
            line.add("--config " + quoted(file));
        }
        given.forEach((key, value) -> {
            if (value.place().equals(Origin.COMMAND_LINE) && !key.startsWith(without)) {
                line.add("--" + key + " " + quoted(Redaction.inCommand(key, String.join(",", value.texts()))));
            }
        });
        return line.toString();
    }

    private static String quoted(String value) {
        return value.matches("[\\w./:,=@%+-]+") ? value : "'" + value.replace("'", "'\\''") + "'";
    }

    /** The values that were given; an option that is not among them has its default. */
    public Configuration configuration() {
        return new Configuration(configuration);
    }

    /** Makes a checked record of the values; a refusal is told with the file and the line of the value. */
    public <T> T into(Function<Configuration, T> reading) {
        try {
            return reading.apply(configuration());
        } catch (SettingsException e) {
            RawSetting refused = e.key() == null ? null : given.get(e.key());
            throw refused == null ? e : e.at(refused.place());
        }
    }

    /** Every key with the value in force, secrets masked, and where it was set: for the log, at start. */
    public String effective() {
        int keyWidth = widest(shown().keySet());
        int valueWidth = widest(shown().values());
        var listing = new StringBuilder();
        for (OptionGroup group : program.shownGroups()) {
            listing.append(group.heading()).append(System.lineSeparator());
            shown(group).forEach((key, value) -> {
                RawSetting from = given.get(key);
                String line = from == null
                        ? String.format("  %-" + keyWidth + "s = %s", key, value)
                        : String.format(
                                "  %-" + keyWidth + "s = %-" + valueWidth + "s  (%s)",
                                key,
                                value,
                                from.place().name());
                listing.append(line.stripTrailing()).append(System.lineSeparator());
            });
        }
        return listing.toString();
    }

    // A value that is longer than most pushes only its own line out of the columns.
    private static int widest(Collection<String> texts) {
        return texts.stream()
                .mapToInt(String::length)
                .filter(width -> width <= 40)
                .reduce(1, Math::max);
    }

    /** Every key with the value in force, as text, secrets masked: for Flink's global job parameters. */
    public Map<String, String> shown() {
        Map<String, String> shown = new LinkedHashMap<>();
        program.shownGroups().forEach(group -> shown.putAll(shown(group)));
        return shown;
    }

    private Map<String, String> shown(OptionGroup group) {
        Map<String, String> shown = new LinkedHashMap<>();
        for (Setting setting : group.settings()) {
            if (setting.shape() == Setting.Shape.MAP) {
                setting.mapIn(configuration).forEach((name, value) -> {
                    String key = setting.key() + "." + name;
                    shown.put(key, Redaction.of(key, String.valueOf(value)));
                });
            } else {
                String value = setting.textIn(configuration);
                shown.put(setting.key(), value == null ? "(not set)" : Redaction.of(setting.key(), value));
            }
        }
        return shown;
    }
}
