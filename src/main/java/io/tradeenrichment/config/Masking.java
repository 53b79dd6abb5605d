package io.tradeenrichment.config;

import org.apache.flink.configuration.GlobalConfiguration;

/** Keeps secrets out of what people and logs are shown, by the rule that Flink has for its own keys. */
final class Masking {
    private Masking() {}

    static String of(String key, String value) {
        return GlobalConfiguration.isSensitive(key) ? GlobalConfiguration.HIDDEN_CONTENT : value;
    }
}
