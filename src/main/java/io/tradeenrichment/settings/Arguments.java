package io.tradeenrichment.settings;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/**
 * The command line: {@code --key value} or {@code --key=value} for every key, and the three options that are no keys.
 *
 * @param answer what was asked for instead of a run, to be printed as it is; null if a run is wanted
 * @param file the settings file that was named; null if none was
 */
record Arguments(
        Map<String, RawSetting> given,
        @Nullable String file,
        @Nullable String answer) {
    /** What the command line takes beside the keys. */
    static final List<String> OWN_KEYS = List.of("config", "help", "version");

    private static final String DASHES = "--";

    /** @throws SettingsException if an argument is unknown, lacks its value or stands there twice */
    static Arguments read(CommandDescription program, KnownKeys keys, String... args) {
        var parser = new CommandLine(spec(program, keys, args))
                .setExpandAtFiles(false)
                .setPosixClusteredShortOptionsAllowed(false);
        parser.getCommandSpec().parser().collectErrors(true);
        ParseResult parsed = parser.parseArgs(args);
        if (parsed.isUsageHelpRequested()) {
            return new Arguments(Map.of(), null, new HelpPage(program).text(Ansi.AUTO));
        }
        if (parsed.isVersionHelpRequested()) {
            return new Arguments(
                    Map.of(), null, program.name() + " " + CommandDescription.version() + System.lineSeparator());
        }
        Map<String, RawSetting> given = new LinkedHashMap<>();
        String file = null;
        for (OptionSpec option : parsed.matchedOptions()) {
            String key = key(option);
            String value = value(key, option);
            if (key.equals("config")) {
                file = value;
            } else {
                given.put(key, RawSetting.text(key, value, Origin.COMMAND_LINE));
            }
        }
        if (!parsed.errors().isEmpty()) {
            throw refusal(keys, parsed.errors().get(0));
        }
        return new Arguments(given, file, null);
    }

    private static CommandSpec spec(CommandDescription program, KnownKeys keys, String... args) {
        CommandSpec spec = CommandSpec.create().name(program.name());
        spec.addOption(OptionSpec.builder("--help", "-h").usageHelp(true).build());
        spec.addOption(OptionSpec.builder("--version").versionHelp(true).build());
        spec.addOption(valued("config"));
        for (OptionGroup group : program.groups()) {
            group.settings().stream()
                    .filter(setting -> setting.shape() != Setting.Shape.MAP)
                    .forEach(setting -> spec.addOption(valued(setting.key())));
        }
        // The keys below a map's are the user's own, so they are known only once they are there.
        for (String arg : args) {
            String key = named(arg);
            Setting setting = arg.startsWith(DASHES) ? keys.find(key) : null;
            if (setting != null
                    && setting.shape() == Setting.Shape.MAP
                    && !setting.key().equals(key)
                    && spec.findOption(DASHES + key) == null) {
                spec.addOption(valued(key));
            }
        }
        return spec;
    }

    private static OptionSpec valued(String key) {
        return OptionSpec.builder(DASHES + key).type(String.class).arity("1").build();
    }

    private static String value(String key, OptionSpec option) {
        String value = option.getValue();
        // The next option, taken for a value because nobody knows it.
        if (value == null || value.startsWith(DASHES)) {
            throw RawSetting.text(key, "", Origin.COMMAND_LINE).withoutValue();
        }
        return value;
    }

    private static SettingsException refusal(KnownKeys keys, Exception fault) {
        if (fault instanceof CommandLine.UnmatchedArgumentException unmatched) {
            String arg = unmatched.getUnmatched().get(0);
            if (arg.startsWith("-")) {
                String key = named(arg);
                return arg.startsWith(DASHES) || keys.find(key) == null
                        ? keys.unknown(key)
                        : new SettingsException(key, key + " needs two dashes: " + DASHES + key);
            }
            return SettingsException.of("'" + arg + "' follows no key; settings are given as --key value");
        }
        if (fault instanceof CommandLine.OverwrittenOptionException overwritten) {
            String key = key(overwritten.getOverwritten());
            return new SettingsException(key, key + " is given twice on the command line; keep one of them");
        }
        if (fault instanceof CommandLine.MissingParameterException missing
                && !missing.getMissing().isEmpty()) {
            return RawSetting.text(key(missing.getMissing().get(0)), "", Origin.COMMAND_LINE)
                    .withoutValue();
        }
        return SettingsException.of(String.valueOf(fault.getMessage()));
    }

    private static String key(ArgSpec option) {
        return named(((OptionSpec) option).longestName());
    }

    /** The key in {@code --key} or {@code --key=value}. */
    private static String named(String arg) {
        int end = arg.indexOf('=');
        return (end < 0 ? arg : arg.substring(0, end)).replaceFirst("^-+", "");
    }
}
