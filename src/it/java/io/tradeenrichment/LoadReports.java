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

/** What the loader of standing records says in the log while this is open: one report for each load that ended well. */
final class LoadReports implements AutoCloseable {
    private static final String LOADER = "io.tradeenrichment.kafka.source.KafkaDimensionSnapshot";

    private final List<String> reports = new CopyOnWriteArrayList<>();
    private final Logger logger;
    private final AbstractAppender appender;

    LoadReports() {
        Configurator.setLevel(LOADER, Level.INFO);
        logger = (Logger) LogManager.getLogger(LOADER);
        appender = new AbstractAppender("load-reports", null, null, true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                String message = event.getMessage().getFormattedMessage();
                if (message.startsWith("Read ")) {
                    reports.add(message);
                }
            }
        };
        appender.start();
        logger.addAppender(appender);
    }

    List<String> reports() {
        return reports;
    }

    @Override
    public void close() {
        logger.removeAppender(appender);
        appender.stop();
    }
}
