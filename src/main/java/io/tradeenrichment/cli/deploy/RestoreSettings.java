package io.tradeenrichment.cli.deploy;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The state that a job is started from.
 *
 * @param path of a savepoint or checkpoint; null for empty state
 * @param totals the control totals in that state, as far as they are known
 */
record RestoreSettings(@Nullable String path, boolean allowNonRestoredState, Map<String, Long> totals) {

    static RestoreSettings from(@Nullable String path) {
        return new RestoreSettings(path, false, Map.of());
    }

    @Override
    public String toString() {
        return path == null ? "empty state" : path;
    }
}
