package io.tradeenrichment.settings;

import java.util.regex.Pattern;
import org.apache.flink.configuration.GlobalConfiguration;

/** Keeps secrets out of what people and logs are shown, by the rule that Flink has for its own keys. */
final class Redaction {
    /** Kafka's clients take the key itself here, as text. */
    private static final String PRIVATE_KEY = "ssl.keystore.key";
    /** Flink's rule knows passwords, but not this. */
    private static final String PASSPHRASE = "passphrase";

    /** Where a secret stands, in the place of the secret: Kafka's clients resolve it themselves. */
    private static final String INDIRECTION = "${";
    /** The name of a file that holds one. */
    private static final String FILE = "-file";

    private static final String LOGIN = "jaas.config";
    /** Within a login module's options, where a user's name or a key tab are no secrets. */
    private static final Pattern SECRET_IN_LOGIN = Pattern.compile(
            "(password|secret|token)\\w*\\s*=\\s*+[\"']?+(?!\\$\\{|true|false)", Pattern.CASE_INSENSITIVE);

    private Redaction() {}

    static String of(String key, String value) {
        return isSensitive(key) ? GlobalConfiguration.HIDDEN_CONTENT : value;
    }

    /** For a command that someone copies: the name of a file with a secret is none, and without it the command fails. */
    static String inCommand(String key, String value) {
        return isPlainSecret(key, value) ? GlobalConfiguration.HIDDEN_CONTENT : value;
    }

    /** Whether the value is a secret itself, and not the place where one is kept. */
    static boolean isPlainSecret(String key, String value) {
        if (!isSensitive(key) || key.endsWith(FILE)) {
            return false;
        }
        return key.endsWith(LOGIN)
                ? SECRET_IN_LOGIN.matcher(value).find()
                : !value.strip().startsWith(INDIRECTION);
    }

    private static boolean isSensitive(String key) {
        return GlobalConfiguration.isSensitive(key) || key.endsWith(PRIVATE_KEY) || key.endsWith(PASSPHRASE);
    }
}
