package io.tradeenrichment.config;

import org.apache.flink.configuration.GlobalConfiguration;

/** Keeps secrets out of what people and logs are shown, by the rule that Flink has for its own keys. */
final class Masking {
    /** Kafka's clients take the key itself here, as text. */
    private static final String PRIVATE_KEY = "ssl.keystore.key";
    /** Flink's rule knows passwords, but not this. */
    private static final String PASSPHRASE = "passphrase";

    private Masking() {}

    static String of(String key, String value) {
        return GlobalConfiguration.isSensitive(key) || key.endsWith(PRIVATE_KEY) || key.endsWith(PASSPHRASE)
                ? GlobalConfiguration.HIDDEN_CONTENT
                : value;
    }
}
