package io.tradeenrichment.registry;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.tradeenrichment.settings.OptionGroup;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;

/** The keys of the schema registry; {@link RegistryConfig} is what is read. */
public final class RegistryOptions {
    public static final ConfigOption<List<String>> URL = key("registry.url")
            .stringType()
            .asList()
            .defaultValues()
            .withDescription(
                    "Where the schema registry is, for example http://registry:8081; several are tried in "
                            + "turn. Required for wire.framing: confluent. Any registry with Confluent's REST interface will do.");

    public static final ConfigOption<RegistrationMode> REGISTER = key("registry.register")
            .enumType(RegistrationMode.class)
            .defaultValue(RegistrationMode.REGISTER)
            .withDescription("Whether the schema of enriched trades is registered at start, or must be there already.");

    public static final ConfigOption<String> TRADES_SUBJECT = subject("trades");

    public static final ConfigOption<String> INSTRUMENTS_SUBJECT = subject("instruments");

    public static final ConfigOption<String> USERS_SUBJECT = subject("users");

    public static final ConfigOption<String> ENRICHED_TRADES_SUBJECT = key("registry.subject.enriched-trades")
            .stringType()
            .noDefaultValue()
            .withDescription("The subject that the schema of enriched trades stands under; the topic's name and -value "
                    + "if not set.");

    public static final ConfigOption<Duration> TIMEOUT = key("registry.timeout")
            .durationType()
            .defaultValue(Duration.ofSeconds(5))
            .withDescription("How long one answer of the registry may take; then it is asked again.");

    public static final ConfigOption<Duration> CHECK_TIMEOUT = key("registry.check.timeout")
            .durationType()
            .defaultValue(Duration.ofSeconds(30))
            .withDescription(
                    "How long the start waits for a registry that does not answer. While the job runs, it waits "
                            + "for as long as it takes.");

    public static final ConfigOption<String> USER = key("registry.user")
            .stringType()
            .noDefaultValue()
            .withDescription("The name to log in with (HTTP basic authentication).");

    public static final ConfigOption<String> PASSWORD = key("registry.password")
            .stringType()
            .noDefaultValue()
            .withDescription("The password itself. It travels with the job; registry.password-file does not.");

    public static final ConfigOption<String> PASSWORD_FILE = key("registry.password-file")
            .stringType()
            .noDefaultValue()
            .withDescription("A file that holds the password, read whenever the registry is asked: it must be there "
                    + "where the job is started and on every TaskManager, as a mounted secret is.");

    public static final ConfigOption<String> TRUSTSTORE_FILE = key("registry.truststore.file")
            .stringType()
            .noDefaultValue()
            .withDescription(
                    "The certificates to trust (PKCS12, JKS or PEM), in place of the JDK's. Read where the job "
                            + "is started and on every TaskManager.");

    public static final ConfigOption<String> TRUSTSTORE_PASSWORD = key("registry.truststore.password")
            .stringType()
            .noDefaultValue()
            .withDescription("The password of registry.truststore.file, if it has one.");

    public static final ConfigOption<String> KEYSTORE_FILE = key("registry.keystore.file")
            .stringType()
            .noDefaultValue()
            .withDescription("The job's own key and certificate (PKCS12 or JKS), where the registry asks for one. Read "
                    + "where the job is started and on every TaskManager.");

    public static final ConfigOption<String> KEYSTORE_PASSWORD = key("registry.keystore.password")
            .stringType()
            .noDefaultValue()
            .withDescription("The password of registry.keystore.file. It travels with the job.");

    public static final ConfigOption<String> KEYSTORE_PASSWORD_FILE = key("registry.keystore.password-file")
            .stringType()
            .noDefaultValue()
            .withDescription("A file that holds the password of registry.keystore.file, wherever that is read.");

    private RegistryOptions() {}

    /** The keys under the headings that people see. */
    public static List<OptionGroup> groups() {
        return List.of(OptionGroup.of("Schema registry", RegistryOptions.class));
    }

    private static ConfigOption<String> subject(String role) {
        return key("registry.subject." + role)
                .stringType()
                .noDefaultValue()
                .withDescription("The subject whose newest schema the job must be able to read before it starts; the "
                        + "topic's name and -value if not set.");
    }
}
