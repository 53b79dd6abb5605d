package io.tradeenrichment.kafka.client;

import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.SettingsException;
import java.io.Serializable;
import java.time.Duration;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.connector.base.DeliveryGuarantee;

/**
 * Settings of the job's sinks.
 *
 * @param transactionalIdPrefix of all transactions of the job; empty without transactions
 * @param acceptLossUntil the last checkpoint whose transactions may be lost; 0 if none may
 */
public record SinkConfig(
        DeliveryGuarantee delivery, String transactionalIdPrefix, Duration transactionTimeout, long acceptLossUntil)
        implements Serializable {
    private static final Duration MIN_TRANSACTION_TIMEOUT = Duration.ofSeconds(1);
    private static final int MAX_PREFIX_LENGTH = 200;

    static SinkConfig from(CheckedConfiguration checked) {
        DeliveryGuarantee delivery = delivery(checked);
        return new SinkConfig(
                delivery,
                delivery == DeliveryGuarantee.EXACTLY_ONCE ? transactionalIdPrefix(checked) : "",
                transactionTimeout(checked),
                checked.atLeast(0, KafkaOptions.TRANSACTION_ACCEPT_LOSS_UNTIL));
    }

    public boolean isExactlyOnce() {
        return delivery == DeliveryGuarantee.EXACTLY_ONCE;
    }

    private static DeliveryGuarantee delivery(CheckedConfiguration checked) {
        DeliveryGuarantee delivery = checked.get(KafkaOptions.DELIVERY);
        if (delivery == DeliveryGuarantee.NONE) {
            String key = KafkaOptions.DELIVERY.key();
            throw new SettingsException(key, key + " is none, but it must be exactly-once or at-least-once");
        }
        return delivery;
    }

    private static Duration transactionTimeout(CheckedConfiguration checked) {
        Duration timeout = checked.durationOfAtLeast(MIN_TRANSACTION_TIMEOUT, KafkaOptions.TRANSACTION_TIMEOUT);
        if (timeout.toMillis() > Integer.MAX_VALUE) {
            String key = KafkaOptions.TRANSACTION_TIMEOUT.key();
            throw new SettingsException(key, key + " is longer than Kafka allows; set it to at most 24 d");
        }
        return timeout;
    }

    /** Without a delimiter at its end, the prefix could be the beginning of another application's prefix. */
    private static String transactionalIdPrefix(CheckedConfiguration checked) {
        ConfigOption<String> option = KafkaOptions.TRANSACTIONAL_ID_PREFIX;
        String prefix = KafkaConfig.required(
                checked,
                option,
                "a name that no other application of this Kafka cluster uses, such as prod.trade-enrichment., or set "
                        + KafkaOptions.DELIVERY.key() + " to at-least-once");
        if (!prefix.matches("[a-zA-Z0-9._:/-]{1," + (MAX_PREFIX_LENGTH - 1) + "}(?<=[a-zA-Z0-9])[._:/-]")) {
            throw new SettingsException(
                    option.key(),
                    option.key() + " is '" + prefix
                            + "', but must consist of letters, digits and . _ : / - with one of these"
                            + " marks at its end, so that it is not the beginning of another application's prefix;"
                            + " for example prod.trade-enrichment.");
        }
        return prefix;
    }
}
