package io.tradeenrichment.kafka.check;

import io.tradeenrichment.kafka.client.KafkaAdmin;
import io.tradeenrichment.kafka.client.KafkaOptions;
import io.tradeenrichment.kafka.client.SinkConfig;
import io.tradeenrichment.settings.DurationText;
import io.tradeenrichment.settings.SettingsException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;

/** A broker rejects the transactions of a producer whose timeout exceeds the broker's maximum. */
final class TransactionTimeoutCheck {
    private static final String TRANSACTION_MAX_TIMEOUT = "transaction.max.timeout.ms";

    private final KafkaAdmin admin;
    private final Duration timeout;

    TransactionTimeoutCheck(KafkaAdmin admin, SinkConfig config) {
        this.admin = admin;
        this.timeout = config.transactionTimeout();
    }

    void run(Consumer<String> warnings) throws InterruptedException {
        List<ConfigResource> brokers = admin
                .require(admin.client().describeCluster().nodes())
                .stream()
                .map(broker -> new ConfigResource(ConfigResource.Type.BROKER, broker.idString()))
                .toList();
        Map<ConfigResource, Config> settings;
        try {
            settings = admin.await(admin.client().describeConfigs(brokers).all());
        } catch (AuthorizationException e) {
            warnings.accept("The job may not read the brokers' " + TRANSACTION_MAX_TIMEOUT + " (" + e.getMessage()
                    + "); it must be at least " + KafkaOptions.TRANSACTION_TIMEOUT.key() + ".");
            return;
        } catch (KafkaException e) {
            throw KafkaAdmin.failure("the brokers' settings cannot be looked up", e);
        }
        for (Config broker : settings.values()) {
            requireAtMost(Duration.ofMillis(
                    Long.parseLong(broker.get(TRANSACTION_MAX_TIMEOUT).value())));
        }
    }

    private void requireAtMost(Duration max) {
        if (timeout.compareTo(max) > 0) {
            String key = KafkaOptions.TRANSACTION_TIMEOUT.key();
            throw new SettingsException(
                    key,
                    key + " is " + DurationText.of(timeout) + ", but the broker allows at most " + DurationText.of(max)
                            + " (" + TRANSACTION_MAX_TIMEOUT + "); lower the one or raise the other");
        }
    }
}
