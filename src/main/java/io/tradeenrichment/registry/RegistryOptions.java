package io.tradeenrichment.registry;

import static org.apache.flink.configuration.ConfigOptions.key;

import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.settings.OptionGroup;
import io.tradeenrichment.settings.OptionPattern;
import java.time.Duration;
import java.util.List;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.ConfigOptions;

/** The keys of the schema registry; {@link RegistryConfig} holds their values. */
public final class RegistryOptions {
    public static final ConfigOption<List<String>> URL = key("registry.url")
            .stringType()
            .asList()
            .defaultValues()
            .withDescription("The URL of the schema registry, for example http://registry:8081. Several URLs are "
                    + "tried in turn. Required for wire.framing: confluent. Every registry with Confluent's REST "
                    + "API works.");

    public static final ConfigOption<RegistrationMode> REGISTER = key("registry.register")
            .enumType(RegistrationMode.class)
            .defaultValue(RegistrationMode.REGISTER)
            .withDescription("Whether the job registers the schema of enriched trades at start (register), or "
                    + "requires that the registry has it (look-up).");

    public static final ConfigOption<String> TRADES_SUBJECT = subject(key("registry.subject.trades"));

    public static final OptionPattern<String> DIMENSION_SUBJECTS =
            OptionPattern.of("registry.subject.NAMEs", JobOptions.DIMENSIONS_NAMES, (option, name) -> subject(option));

    public static final ConfigOption<String> ENRICHED_TRADES_SUBJECT = key("registry.subject.enriched-trades")
            .stringType()
            .noDefaultValue()
            .withDescription("The subject of the schema of enriched trades. By default the topic's name followed by "
                    + "-value.");

    public static final ConfigOption<Duration> TIMEOUT = key("registry.timeout")
            .durationType()
            .defaultValue(Duration.ofSeconds(5))
            .withDescription("The timeout of one request to the registry. After it, the request is repeated.");

    public static final ConfigOption<Duration> CHECK_TIMEOUT = key("registry.check.timeout")
            .durationType()
            .defaultValue(Duration.ofSeconds(30))
            .withDescription("How long the start waits for a registry that does not answer. A running job waits "
                    + "without limit.");

    public static final ConfigOption<String> USER = key("registry.user")
            .stringType()
            .noDefaultValue()
            .withDescription("The user name for HTTP basic authentication.");

    public static final ConfigOption<String> PASSWORD = key("registry.password")
            .stringType()
            .noDefaultValue()
            .withDescription("The password. It is part of the submitted job; the content of registry.password-file "
                    + "is not.");

    public static final ConfigOption<String> PASSWORD_FILE = key("registry.password-file")
            .stringType()
            .noDefaultValue()
            .withDescription("A file with the password. The job reads it for every request, so it must exist where "
                    + "the job is submitted and on every TaskManager, for example as a mounted secret.");

    public static final ConfigOption<String> TRUSTSTORE_FILE = key("registry.truststore.file")
            .stringType()
            .noDefaultValue()
            .withDescription("The trusted certificates (PKCS12, JKS or PEM), instead of those of the JDK. The file "
                    + "must exist where the job is submitted and on every TaskManager.");

    public static final ConfigOption<String> TRUSTSTORE_PASSWORD = key("registry.truststore.password")
            .stringType()
            .noDefaultValue()
            .withDescription("The password of registry.truststore.file, if it has one.");

    public static final ConfigOption<String> KEYSTORE_FILE = key("registry.keystore.file")
            .stringType()
            .noDefaultValue()
            .withDescription("The key and certificate of the job (PKCS12 or JKS), for a registry that requires "
                    + "client certificates. The file must exist where the job is submitted and on every "
                    + "TaskManager.");

    public static final ConfigOption<String> KEYSTORE_PASSWORD = key("registry.keystore.password")
            .stringType()
            .noDefaultValue()
            .withDescription("The password of registry.keystore.file. It is part of the submitted job.");

    public static final ConfigOption<String> KEYSTORE_PASSWORD_FILE = key("registry.keystore.password-file")
            .stringType()
            .noDefaultValue()
            .withDescription("A file with the password of registry.keystore.file. It must exist wherever that file "
                    + "exists.");

    private RegistryOptions() {}

    public static List<OptionGroup> groups() {
        return List.of(OptionGroup.of("Schema registry", RegistryOptions.class));
    }

    /** The option that names the subject of a feed. */
    static ConfigOption<String> subjectOf(Feed feed) {
        return feed.equals(Feed.TRADES)
                ? TRADES_SUBJECT
                : DIMENSION_SUBJECTS.of(feed.dimension().name());
    }

    private static ConfigOption<String> subject(ConfigOptions.OptionBuilder option) {
        return option.stringType()
                .noDefaultValue()
                .withDescription("The subject whose latest schema the job must be able to read at start. By default "
                        + "the topic's name followed by -value.");
    }
}
