package io.tradeenrichment.kafka;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.util.ExceptionUtils;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.Appender;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.config.Property;

/** All log lines from level INFO while this is open. The output of the tests' own appenders does not change. */
final class CapturedLog implements AutoCloseable {
    private static final String NAME = "captured-log";

    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final LoggerContext context = LoggerContext.getContext(false);
    private final LoggerConfig root = context.getConfiguration().getRootLogger();
    private final Level before = root.getLevel();
    private final List<Appender> others = List.copyOf(root.getAppenders().values());

    CapturedLog() {
        others.forEach(other -> restrict(other, before));
        Appender appender = new AbstractAppender(NAME, null, null, true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                lines.add(event.getMessage().getFormattedMessage());
                if (event.getThrown() != null) {
                    lines.add(ExceptionUtils.stringifyException(event.getThrown()));
                }
            }
        };
        appender.start();
        root.addAppender(appender, null, null);
        root.setLevel(Level.INFO);
        context.updateLoggers();
    }

    private void restrict(Appender appender, Level level) {
        root.removeAppender(appender.getName());
        root.addAppender(appender, level, null);
    }

    String text() {
        return String.join("\n", lines);
    }

    @Override
    public void close() {
        root.removeAppender(NAME);
        others.forEach(other -> restrict(other, null));
        root.setLevel(before);
        context.updateLoggers();
    }
}
