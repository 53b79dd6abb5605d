package io.tradeenrichment.settings;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A parsed command line: {@code --key value} or {@code --key=value} for every key.
 *
 * @param file the settings file; null if the user names none
 * @param trailing the arguments after {@code --}
 * @param helpOrVersion the text to print instead of a run; null if the user asks for neither
 */
record Arguments(
        Map<String, RawSetting> settings,
        @Nullable String file,
        List<String> trailing,
        @Nullable String helpOrVersion) {
    static final Arguments NONE = new Arguments(Map.of(), null, List.of(), null);

    private static final String CONFIG = "config";
    private static final String DASHES = "--";

    /** @throws SettingsException if an argument is unknown, lacks its value, or occurs twice */
    static Arguments parse(CommandDescription command, KnownKeys keys, String... args) {
        List<String> all = List.of(args);
        int end = command.hasTrailingArguments() ? all.indexOf(DASHES) : -1;
        List<String> own = end < 0 ? all : all.subList(0, end);
        List<String> trailing = end < 0 ? List.of() : all.subList(end + 1, all.size());
        String helpOrVersion = helpOrVersion(command, own);
        // Help and version take precedence over errors.
        Map<String, RawSetting> settings = helpOrVersion == null ? settings(keys, own) : new LinkedHashMap<>();
        RawSetting file = settings.remove(CONFIG);
        return new Arguments(settings, file == null ? null : file.texts().get(0), trailing, helpOrVersion);
    }

    private static @Nullable String helpOrVersion(CommandDescription command, List<String> args) {
        if (args.contains("--help") || args.contains("-h")) {
            return HelpPage.of(command);
        }
        return args.contains("--version")
                ? command.name() + " " + CommandDescription.version() + System.lineSeparator()
                : null;
    }

    private static Map<String, RawSetting> settings(KnownKeys keys, List<String> args) {
        Map<String, RawSetting> settings = new LinkedHashMap<>();
        Iterator<String> rest = args.iterator();
        while (rest.hasNext()) {
            RawSetting next = next(keys, rest);
            if (settings.put(next.key(), next) != null) {
                throw new SettingsException(
                        next.key(), next.key() + " is given twice on the command line; keep one of them");
            }
        }
        return settings;
    }

    private static RawSetting next(KnownKeys keys, Iterator<String> rest) {
        String arg = rest.next();
        int equals = arg.indexOf('=');
        String key = key(keys, equals < 0 ? arg : arg.substring(0, equals));
        if (equals >= 0) {
            return RawSetting.text(key, arg.substring(equals + 1), Origin.COMMAND_LINE);
        }
        boolean isLast = !rest.hasNext();
        RawSetting setting = RawSetting.text(key, isLast ? "" : rest.next(), Origin.COMMAND_LINE);
        // An empty value is allowed: it is how an empty list is passed on to the job.
        if (isLast || setting.texts().get(0).startsWith(DASHES)) {
            throw setting.missingValue();
        }
        return setting;
    }

    private static String key(KnownKeys keys, String name) {
        String key = name.replaceFirst("^-{1,2}", "");
        boolean isKnown = key.equals(CONFIG) || keys.find(key) != null;
        if (name.startsWith(DASHES) && isKnown) {
            return key;
        }
        if (!name.startsWith("-")) {
            throw SettingsException.of("'" + name + "' has no key; settings are written as --key value");
        }
        throw isKnown ? new SettingsException(key, key + " needs two dashes: " + DASHES + key) : keys.unknown(key);
    }
}
