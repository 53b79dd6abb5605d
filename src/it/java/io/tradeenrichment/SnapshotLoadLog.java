package io.tradeenrichment;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.Property;

/** The log lines of completed snapshot loads while this is open: one for each load of a subtask. */
public final class SnapshotLoadLog implements AutoCloseable {
    private static final String LOADER = "io.tradeenrichment.kafka.source.KafkaDimensionSnapshot";

    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final Logger logger;
    private final AbstractAppender appender;

    public SnapshotLoadLog() {
        Configurator.setLevel(LOADER, Level.INFO);
        logger = (Logger) LogManager.getLogger(LOADER);
        appender = new AbstractAppender("snapshot-load-log", null, null, true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                String message = event.getMessage().getFormattedMessage();
                if (message.startsWith("Read ")) {
                    lines.add(message);
                }
            }
        };
        appender.start();
        logger.addAppender(appender);
    }

    public List<String> lines() {
        return lines;
    }

    @Override
    public void close() {
        logger.removeAppender(appender);
        appender.stop();
    }
}
