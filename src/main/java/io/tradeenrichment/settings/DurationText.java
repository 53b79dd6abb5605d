package io.tradeenrichment.settings;

import java.time.Duration;
import org.apache.flink.util.TimeUtils;

/** Durations in messages, in the form in which users write them: {@code 2 h}, {@code 90 s}, {@code 1500 ms}. */
public final class DurationText {
    private DurationText() {}

    /** In the largest unit that divides it. */
    public static String of(Duration duration) {
        if (duration.isNegative()) {
            return "-" + of(duration.negated());
        }
        return duration.isZero() ? "0" : TimeUtils.formatWithHighestUnit(duration);
    }
}
