package io.tradeenrichment.config;

import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.TextIds;
import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.SettingsException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.flink.configuration.ConfigOption;

/**
 * The key of the trade stream: it selects the subtask, and trades with the same key keep their order.
 *
 * @param title the name in settings: {@code trade_id}, {@code instrument_id} or {@code instrument_and_user}
 * @param code identifies the title in state; it never changes
 * @param dimensions the positions of the dimensions whose ids are the key; empty if the key is the trade's id
 */
public record KeyBy(String title, long code, List<Integer> dimensions) implements Serializable {
    /** The key of the setting. */
    public static final String SETTING = JobOptions.TRADES_KEY_BY.key();

    /** Trades of one instrument keep the order of their partition. */
    public static final KeyBy INSTRUMENT_ID = new KeyBy("instrument_id", 1, List.of(0));
    /** A hot instrument is spread over all subtasks, and no order is kept. */
    public static final KeyBy TRADE_ID = new KeyBy("trade_id", 2, List.of());
    /** Trades of one instrument and one user keep their order. */
    public static final KeyBy INSTRUMENT_AND_USER = new KeyBy("instrument_and_user", 3, List.of(0, 1));

    private static final List<KeyBy> KNOWN = List.of(INSTRUMENT_ID, TRADE_ID, INSTRUMENT_AND_USER);

    private static final String ID = "_id";
    private static final String AND = "_and_";
    /** Distinguishes the hash of a title from the codes of the known titles. */
    private static final long IS_HASH = 1L << 62;

    public KeyBy {
        dimensions = List.copyOf(dimensions);
    }

    static KeyBy from(CheckedConfiguration checked, List<Dimension> dimensions) {
        ConfigOption<String> option =
                JobOptions.TRADES_KEY_BY.of(dimensions.get(0).name());
        return of(checked.get(option), dimensions);
    }

    /**
     * @param text in upper or lower case, with hyphens or underscores
     * @param dimensions in the order of the settings
     * @throws SettingsException if a dimension is unknown or occurs twice
     */
    public static KeyBy of(String text, List<Dimension> dimensions) {
        String title = text.strip().toLowerCase(Locale.ROOT).replace('-', '_');
        if (title.equals(TRADE_ID.title)) {
            return TRADE_ID;
        }
        List<Integer> positions =
                positions(title, dimensions.stream().map(Dimension::name).toList());
        if (positions.contains(-1) || new HashSet<>(positions).size() < positions.size()) {
            throw unknown(text, dimensions);
        }
        return new KeyBy(title, codeOf(title), positions);
    }

    /** The positions of the names in the title; -1 for an unknown name. */
    private static List<Integer> positions(String title, List<String> names) {
        int single = title.endsWith(ID) ? names.indexOf(title.substring(0, title.length() - ID.length())) : -1;
        if (single >= 0) {
            return List.of(single);
        }
        List<Integer> positions = new ArrayList<>();
        for (String name : title.split(AND, -1)) {
            positions.add(names.indexOf(name));
        }
        return positions.size() > 1 ? positions : List.of(-1);
    }

    private static SettingsException unknown(String text, List<Dimension> dimensions) {
        String key = SETTING;
        String singles = dimensions.stream().map(dimension -> dimension + ID).collect(Collectors.joining(", "));
        String pair = dimensions.size() > 1
                ? ", or several names such as " + dimensions.get(0) + AND + dimensions.get(1)
                : "";
        return new SettingsException(
                key,
                key + " is '" + text + "', but takes " + TRADE_ID.title + ", the id of a dimension (" + singles + ")"
                        + pair);
    }

    private static long codeOf(String title) {
        return KNOWN.stream()
                .filter(known -> known.title.equals(title))
                .findFirst()
                .map(KeyBy::code)
                .orElseGet(() -> TextIds.hash(title.getBytes(StandardCharsets.UTF_8)) | IS_HASH);
    }

    /**
     * The title of a code in state. The title of a hash is unknown, so it is described.
     *
     * @throws IllegalArgumentException for an unknown code, which only corrupt state contains
     */
    public static String titleOf(long code) {
        return KNOWN.stream()
                .filter(known -> known.code == code)
                .findFirst()
                .map(KeyBy::title)
                .orElseGet(() -> {
                    if ((code & IS_HASH) == 0) {
                        throw new IllegalArgumentException("no trades.key-by has the code " + code);
                    }
                    return String.format("another combination of ids (%016x)", code);
                });
    }

    @Override
    public String toString() {
        return title;
    }
}
