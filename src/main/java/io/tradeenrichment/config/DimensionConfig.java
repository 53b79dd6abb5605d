package io.tradeenrichment.config;

import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.OptionPattern;
import io.tradeenrichment.settings.SettingsException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.jspecify.annotations.Nullable;

/**
 * A dimension, and the fields that the job needs. Which of them the schemas have is checked where they are read.
 *
 * @param field the path of the trade's field with the id
 * @param id the row's field with the id
 * @param validFrom the row's field with the time from which it is valid; null if that is the record timestamp
 * @param columns each as {@code field} or {@code field=output_name}; null for every field but the id
 */
public record DimensionConfig(
        Dimension dimension,
        String field,
        SchemaSource schema,
        String id,
        @Nullable String validFrom,
        @Nullable List<String> columns)
        implements Serializable {
    /** The most dimensions of a job. */
    public static final int MOST = 31;

    /** The dimensions of the default settings. */
    public static final List<DimensionConfig> DEFAULTS = listFrom(new Configuration());

    /** The first parts of other keys below {@code dimensions} and {@code join}. */
    private static final Set<String> RESERVED = Set.of("names", "history", "ttl", "tombstone", "time", "wait");

    private static final String RECORD_TIMESTAMP = "record-timestamp";

    public DimensionConfig {
        columns = columns == null ? null : List.copyOf(columns);
    }

    /**
     * The dimensions in the order of the settings.
     *
     * @throws SettingsException if a name or a value is unusable
     */
    public static List<DimensionConfig> listFrom(Configuration configuration) {
        var checked = new CheckedConfiguration(configuration);
        return dimensions(checked).stream()
                .map(dimension -> from(checked, dimension))
                .toList();
    }

    /**
     * The names of the dimensions, in the order of the settings.
     *
     * @throws SettingsException if a name is unusable
     */
    public static List<Dimension> dimensions(CheckedConfiguration checked) {
        List<String> names = checked.list(JobOptions.DIMENSIONS_NAMES);
        if (names.isEmpty()) {
            throw names("is empty; name at least one dimension");
        }
        if (names.size() > MOST) {
            throw names("has " + names.size() + " names, but a job has at most " + MOST + " dimensions");
        }
        Set<String> earlier = new HashSet<>();
        List<Dimension> dimensions = new ArrayList<>();
        for (String name : names) {
            dimensions.add(dimension(name));
            if (!earlier.add(name)) {
                throw names("contains " + name + " twice; keep one of them");
            }
        }
        return dimensions;
    }

    private static Dimension dimension(String name) {
        if (!OptionPattern.isName(name)) {
            throw names("contains '" + name
                    + "', but a name is a lower-case letter, then lower-case letters, digits and underscores");
        }
        if (RESERVED.contains(name)) {
            throw names("contains " + name + ", but dimensions." + name + " or join." + name
                    + " is the name of another setting; use another name");
        }
        var dimension = new Dimension(name);
        if (dimension.feed().equals(Feed.TRADES)) {
            throw names("contains " + name + ", but " + Feed.TRADES + " are not a dimension; use another name");
        }
        return dimension;
    }

    private static DimensionConfig from(CheckedConfiguration checked, Dimension dimension) {
        String name = dimension.name();
        String validFrom =
                checked.get(JobOptions.DIMENSIONS_VALID_FROM.of(name)).strip();
        SchemaSource schema = schema(checked, dimension);
        return new DimensionConfig(
                dimension,
                checked.get(JobOptions.DIMENSIONS_FIELD.of(name)).strip(),
                schema,
                checked.get(JobOptions.DIMENSIONS_ID.of(name)).strip(),
                validFrom.equals(RECORD_TIMESTAMP) ? null : validFrom,
                columns(checked, JobOptions.DIMENSIONS_COLUMNS.of(name), schema));
    }

    private static SchemaSource schema(CheckedConfiguration checked, Dimension dimension) {
        ConfigOption<String> option = JobOptions.DIMENSIONS_SCHEMA.of(dimension.name());
        String key = option.key();
        boolean isBundled = Dimension.BUNDLED.contains(dimension);
        if (!isBundled && !checked.isSet(option)) {
            throw new SettingsException(
                    key,
                    key + " is not set, and there is no bundled schema of " + dimension.feed()
                            + "; give a schema file (.avsc), or registry");
        }
        SchemaSource source = SchemaSource.from(checked, option);
        if (!isBundled && source.equals(SchemaSource.BUNDLED)) {
            throw new SettingsException(
                    key,
                    key + " is bundled, but there is no bundled schema of " + dimension.feed()
                            + "; give a schema file (.avsc), or registry");
        }
        return source;
    }

    /** The default columns are fields of the bundled schema. */
    private static @Nullable List<String> columns(
            CheckedConfiguration checked, ConfigOption<List<String>> option, SchemaSource schema) {
        if (!checked.isSet(option) && (!option.hasDefaultValue() || !schema.equals(SchemaSource.BUNDLED))) {
            return null;
        }
        List<String> columns = checked.list(option);
        if (columns.isEmpty()) {
            throw new SettingsException(
                    option.key(),
                    option.key() + " is empty; name at least one column, or leave the key out for all of them");
        }
        return columns.stream().map(String::strip).toList();
    }

    private static SettingsException names(String sentence) {
        String key = JobOptions.DIMENSIONS_NAMES.key();
        return new SettingsException(key, key + " " + sentence);
    }
}
