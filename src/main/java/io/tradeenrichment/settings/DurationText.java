package io.tradeenrichment.settings;

import java.time.Duration;
import org.apache.flink.util.TimeUtils;

/** Formats durations as users write them: {@code 2 h}, {@code 90 s}, {@code 1500 ms}. */
public final class DurationText {
    private DurationText() {}

    /** In the largest unit that divides the duration. */
    public static String of(Duration duration) {
        if (duration.isNegative()) {
            return "-" + of(duration.negated());
        }
        return duration.isZero() ? "0" : TimeUtils.formatWithHighestUnit(duration);
    }
}
