package io.tradeenrichment.settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.flink.configuration.Configuration;

/**
 * The user's settings: the command line overrides the settings file, which overrides the defaults. Every key is known and
 * every value has its key's type; the configuration records check what the values mean.
 */
public final class Settings {
    private final CommandDescription command;
    private final Arguments arguments;
    private final Map<String, RawSetting> given;
    private final Configuration configuration = new Configuration();

    private Settings(CommandDescription command, KnownKeys keys, Arguments arguments, Map<String, RawSetting> given) {
        this.command = command;
        this.arguments = arguments;
        this.given = given;
        Map<Setting, Map<String, String>> maps = new LinkedHashMap<>();
        for (RawSetting raw : given.values()) {
            Setting setting = keys.find(raw.key());
            boolean isMap = setting != null && setting.shape() == Setting.Shape.MAP;
            if (setting == null || (isMap && raw.key().equals(setting.key()))) {
                throw keys.unknown(raw.key()).at(raw.origin());
            }
            Object value = raw.parse(setting);
            if (isMap) {
                maps.computeIfAbsent(setting, any -> new TreeMap<>())
                        .put(raw.key().substring(setting.key().length() + 1), (String) value);
            } else {
                setting.set(configuration, value);
            }
        }
        maps.forEach((setting, entries) -> setting.set(configuration, entries));
        for (RawSetting raw : given.values()) {
            SettingsException unlisted = keys.unlisted(raw.key(), configuration);
            if (unlisted != null) {
                throw unlisted.at(raw.origin());
            }
        }
    }

    /**
     * Reads the command line and the settings file that it names.
     *
     * @throws SettingsException if a key is unknown, occurs twice, or has a missing or wrong value
     */
    public static Settings read(CommandDescription command, String... args) {
        var keys = new KnownKeys(command.groups());
        Arguments arguments = Arguments.parse(command, keys, args);
        Map<String, RawSetting> given = new LinkedHashMap<>();
        if (arguments.file() != null) {
            given.putAll(SettingsFile.read(arguments.file(), keys));
        }
        given.putAll(arguments.settings());
        return new Settings(command, keys, arguments, given);
    }

    /**
     * Settings from another source, such as the record of a deployment, under the same rules.
     *
     * @param source for error messages
     * @throws SettingsException as {@link #read} does
     */
    public static Settings of(CommandDescription command, Map<String, String> values, String source) {
        Map<String, RawSetting> given = new LinkedHashMap<>();
        values.forEach((key, value) -> given.put(key, RawSetting.text(key, value, Origin.in(source))));
        return new Settings(command, new KnownKeys(command.groups()), Arguments.NONE, given);
    }

    /** The text to print instead of a run, if the user asks for help or the version. */
    public Optional<String> helpOrVersion() {
        return Optional.ofNullable(arguments.helpOrVersion());
    }

    /** The arguments after {@code --}. */
    public List<String> trailingArguments() {
        return arguments.trailing();
    }

    /** The values that the user set; other options have their defaults. */
    public Configuration configuration() {
        return new Configuration(configuration);
    }

    /** Creates a checked record from the values. */
    public <T> T bind(Function<Configuration, T> factory) {
        return withOrigin(() -> factory.apply(configuration()));
    }

    /** What may find a value wrong. */
    @FunctionalInterface
    public interface Action<T, E extends Exception> {
        T run() throws E;
    }

    /** Adds the file and line of the value to a {@link SettingsException}. */
    public <T, E extends Exception> T withOrigin(Action<T, E> action) throws E {
        try {
            return action.run();
        } catch (SettingsException e) {
            RawSetting wrong = e.key() == null ? null : given.get(e.key());
            throw wrong == null ? e : e.at(wrong.origin());
        }
    }

    /**
     * The settings as arguments, those of the settings file included, for a machine without that file. Nothing is redacted.
     *
     * @throws SettingsException if a value is a secret or cannot be written as an argument
     */
    public Map<String, String> toArguments() {
        Map<String, String> values = new LinkedHashMap<>();
        given.forEach((key, value) -> values.put(key, value.toArgument()));
        return values;
    }

    /**
     * The command line as text for a shell, for another command with the same keys. Secrets are redacted.
     *
     * @param prefix of keys that the other command does not accept
     */
    public String commandLineWithout(String prefix) {
        var line = new StringJoiner(" ");
        if (arguments.file() != null) {
            line.add("--config " + quoted(arguments.file()));
        }
        arguments.settings().forEach((key, value) -> {
            if (!key.startsWith(prefix)) {
                line.add("--" + key + " "
                        + quoted(Redaction.inCommand(key, value.texts().get(0))));
            }
        });
        return line.toString();
    }

    private static String quoted(String value) {
        return value.matches("[\\w./:,=@%+-]+") ? value : "'" + value.replace("'", "'\\''") + "'";
    }

    /** The effective value of every key with secrets redacted, for Flink's global job parameters. */
    public Map<String, String> effectiveValues() {
        return effective().values();
    }

    /** The effective value and the origin of every key, one line each, with secrets redacted. */
    public String effectiveListing() {
        return effective().listing(given);
    }

    private EffectiveSettings effective() {
        return new EffectiveSettings(configuration, command.shownGroups());
    }
}
