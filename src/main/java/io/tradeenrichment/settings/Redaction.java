package io.tradeenrichment.settings;

import java.util.regex.Pattern;
import org.apache.flink.configuration.GlobalConfiguration;

/** Hides secrets in output and logs, by the same rule as Flink's own settings. */
final class Redaction {
    /** For Kafka clients this key holds the private key itself. */
    private static final String PRIVATE_KEY = "ssl.keystore.key";
    /** Flink's rule does not cover it. */
    private static final String PASSPHRASE = "passphrase";

    /** A reference to a secret, which Kafka clients resolve themselves. */
    private static final String REFERENCE = "${";
    /** The key of a file that holds a secret. */
    private static final String FILE = "-file";

    private static final String LOGIN = "jaas.config";
    /** User names and key tabs in the options of a login module are not secret. */
    private static final Pattern SECRET_IN_LOGIN = Pattern.compile(
            "(password|secret|token)\\w*\\s*=\\s*+[\"']?+(?!\\$\\{|true|false)", Pattern.CASE_INSENSITIVE);

    private Redaction() {}

    static String of(String key, String value) {
        return isSensitive(key) ? GlobalConfiguration.HIDDEN_CONTENT : value;
    }

    /** For a command that users copy: names of secret files stay, because the command needs them. */
    static String inCommand(String key, String value) {
        return isPlainSecret(key, value) ? GlobalConfiguration.HIDDEN_CONTENT : value;
    }

    /** Whether the value is a secret itself, not a reference to one. */
    static boolean isPlainSecret(String key, String value) {
        if (!isSensitive(key) || key.endsWith(FILE)) {
            return false;
        }
        return key.endsWith(LOGIN)
                ? SECRET_IN_LOGIN.matcher(value).find()
                : !value.strip().startsWith(REFERENCE);
    }

    private static boolean isSensitive(String key) {
        return GlobalConfiguration.isSensitive(key) || key.endsWith(PRIVATE_KEY) || key.endsWith(PASSPHRASE);
    }
}
