package io.tradeenrichment;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.util.ExceptionUtils;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;

/** All that anyone logs at the level of a job in production, while this is open. */
final class RootLog implements AutoCloseable {
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Logger root = (Logger) LogManager.getRootLogger();
    private final Level before = root.getLevel();
    private final AbstractAppender appender;

    RootLog() {
        appender = new AbstractAppender("root-log", null, null, true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                lines.add(event.getMessage().getFormattedMessage());
                if (event.getThrown() != null) {
                    lines.add(ExceptionUtils.stringifyException(event.getThrown()));
                }
            }
        };
        appender.start();
        root.addAppender(appender);
        Configurator.setRootLevel(Level.INFO);
    }

    String said() {
        return String.join("\n", lines);
    }

    @Override
    public void close() {
        Configurator.setRootLevel(before);
        root.removeAppender(appender);
        appender.stop();
    }
}
