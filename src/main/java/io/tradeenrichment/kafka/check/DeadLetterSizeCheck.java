package io.tradeenrichment.kafka.check;

import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.kafka.client.KafkaOptions;
import io.tradeenrichment.kafka.client.RecordOverhead;
import io.tradeenrichment.settings.SettingsException;
import java.util.Comparator;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;

/**
 * Determines the size limit of a dead letter. Kafka compares {@code max.message.bytes} with the stored, maybe
 * compressed batch. A letter near the limit is alone in its batch and may not compress, so this compares uncompressed
 * sizes.
 */
final class DeadLetterSizeCheck {
    private static final String BUFFER_MEMORY = KafkaOptions.CLIENT.key() + "." + ProducerConfig.BUFFER_MEMORY_CONFIG;
    private static final long DEFAULT_BUFFER_MEMORY = 32L << 20;
    /** Compression enlarges random bytes by less than one part in this many. */
    private static final int COMPRESSION_MARGIN = 100;

    private final KafkaConfig config;
    private final TopicSettings settings;
    private final String topic;

    DeadLetterSizeCheck(KafkaConfig config, TopicSettings settings) {
        this.config = config;
        this.settings = settings;
        this.topic = config.topics().deadLetters();
    }

    /** Returns the limit in bytes, for a letter alone in its batch, uncompressed. */
    int run(Consumer<String> warnings) {
        long limit = settings.maxMessageBytes(topic);
        long uncompressed = isCompressed() ? limit - limit / COMPRESSION_MARGIN : limit;
        long memory = bufferMemory();
        if (uncompressed < RecordOverhead.DEAD_LETTER) {
            String key = config.topics().keyOf(topic);
            throw new SettingsException(
                    key,
                    key + ": the topic " + topic + " accepts records of at most " + limit + " bytes ("
                            + TopicConfig.MAX_MESSAGE_BYTES_CONFIG
                            + "), too few for the headers of a dead letter; raise it above the limits of the topics that"
                            + " the job reads");
        }
        if (memory < RecordOverhead.DEAD_LETTER) {
            throw new SettingsException(
                    BUFFER_MEMORY, BUFFER_MEMORY + " is " + memory + ", too few bytes for a dead letter; raise it");
        }
        warnOfIncompleteLetters(uncompressed, memory, warnings);
        return (int) Math.min(uncompressed, memory);
    }

    private void warnOfIncompleteLetters(long uncompressed, long memory, Consumer<String> warnings) {
        String largest = config.topics().inputs().stream()
                .max(Comparator.comparing(settings::maxMessageBytes))
                .orElseThrow();
        long needed = settings.maxMessageBytes(largest) + RecordOverhead.DEAD_LETTER;
        String consequence = ", but " + largest + " accepts up to " + settings.maxMessageBytes(largest)
                + ": a dead letter that would be too large omits the headers, the value or the key of its record. Set ";
        if (uncompressed < needed) {
            long raised = isCompressed() ? needed + needed / (COMPRESSION_MARGIN - 1) + 1 : needed;
            warnings.accept("The topic " + topic + " accepts records of at most " + settings.maxMessageBytes(topic)
                    + " bytes (" + TopicConfig.MAX_MESSAGE_BYTES_CONFIG + ")" + consequence
                    + TopicConfig.MAX_MESSAGE_BYTES_CONFIG + " of " + topic + " to " + raised + " or more.");
        }
        if (memory < needed) {
            warnings.accept(BUFFER_MEMORY + " is " + memory + " bytes" + consequence + BUFFER_MEMORY + " to " + needed
                    + " or more.");
        }
    }

    private boolean isCompressed() {
        String broker = settings.text(topic, TopicConfig.COMPRESSION_TYPE_CONFIG);
        String producer = config.connection().client().getOrDefault(ProducerConfig.COMPRESSION_TYPE_CONFIG, "none");
        return broker.equals("producer") ? !producer.strip().equals("none") : !broker.equals("uncompressed");
    }

    private long bufferMemory() {
        String text = config.connection().client().get(ProducerConfig.BUFFER_MEMORY_CONFIG);
        if (text == null) {
            return DEFAULT_BUFFER_MEMORY;
        }
        try {
            return Long.parseLong(text.strip());
        } catch (NumberFormatException e) {
            throw new SettingsException(
                    BUFFER_MEMORY, BUFFER_MEMORY + " is '" + text + "', but must be a whole number of bytes");
        }
    }
}
