package io.tradeenrichment.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.key.KeyFormat;
import io.tradeenrichment.codec.key.KeyFormats;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.schema.FeedSchemas;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.settings.SettingsException;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RegistrySetupTest {
    private static final String REGISTER = "POST /subjects/enriched-trades-value/versions";
    private static final String LOOK_UP = "POST /subjects/enriched-trades-value";
    private static final Schema FORTNIGHTS =
            new Schema.Parser().parse(Schemas.USER.toString().replace("timestamp-micros", "timestamp-fortnights"));

    private StubRegistry registry;

    @BeforeEach
    void start() throws Exception {
        registry = new StubRegistry()
                .newest("trades-value", 1, Schemas.TRADE)
                .newest("instruments-value", 2, Schemas.INSTRUMENT)
                .newest("users-value", 3, Schemas.USER)
                .on(REGISTER, 200, "{\"id\":4}")
                .on(LOOK_UP, 200, "{\"id\":5}");
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void registersTheOutputSchemaAndKeepsTheNewestSchemasOfTheFeeds() throws Exception {
        RegistrySetup schemas = open();
        int requests = registry.requests.size();

        assertThat(schemas.enrichedTradeId()).isEqualTo(4);
        assertThat(schemas.warnings()).isEmpty();
        assertThat(schemas.writers().of(Feed.TRADES).byKey(1)).isEqualTo(Schemas.TRADE);
        assertThat(schemas.writers().of(Feed.USERS).byKey(3)).isEqualTo(Schemas.USER);
        assertThat(registry.requests).hasSize(requests).contains(REGISTER).doesNotContain(LOOK_UP);
        assertThat(registry.bodies)
                .contains(StubRegistry.json(Schemas.ENRICHED_TRADE.toString()).toString());
    }

    @Test
    void looksUpTheOutputSchema() throws Exception {
        assertThat(open("registry.register", "look-up").enrichedTradeId()).isEqualTo(5);
        assertThat(registry.requests).contains(LOOK_UP).doesNotContain(REGISTER);
    }

    /**
     * Confluent's registry answers so for a plain subject that only another context has. Its id belongs to that
     * context.
     */
    @Test
    void ignoresASubjectOfAnotherContext() throws Exception {
        registry.on(
                "GET /subjects/trades-value/versions/latest",
                200,
                StubRegistry.json(Schemas.TRADE.toString())
                        .put("id", 7)
                        .put("version", 1)
                        .put("subject", ":.dr:trades-value")
                        .toString());
        RegistrySetup schemas = open();
        assertThat(schemas.warnings())
                .singleElement()
                .asString()
                .startsWith("The registry has no subject trades-value yet");
        registry.schema(7, Schemas.USER);
        assertThat(schemas.writers().of(Feed.TRADES).byKey(7)).isEqualTo(Schemas.USER);

        registry.on(LOOK_UP, 200, "{\"id\":8,\"subject\":\":.dr:enriched-trades-value\"}");
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> open("registry.register", "look-up"))
                .withMessageStartingWith("registry.register is look-up, but");
    }

    @Test
    void usesTheConfiguredSubjects() throws Exception {
        registry.newest("io.other%2FUser", 9, Schemas.USER).on("POST /subjects/mine/versions", 200, "{\"id\":6}");
        RegistrySetup schemas =
                open("registry.subject.users", "io.other/User", "registry.subject.enriched-trades", "mine");
        assertThat(schemas.enrichedTradeId()).isEqualTo(6);
        assertThat(schemas.writers().of(Feed.USERS).byKey(9)).isEqualTo(Schemas.USER);
    }

    @Test
    void keepsTheIdsOfContextsApart() throws Exception {
        registry.newest("%3A.fx%3Atrades-value", 3, Schemas.TRADE)
                .schema(3, Schemas.USER)
                .on("POST /subjects/%3A.out%3Ae-value/versions", 200, "{\"id\":3}");
        RegistrySetup schemas = open(
                "registry.subject.trades", ":.fx:trades-value", "registry.subject.enriched-trades", ":.out:e-value");

        assertThat(schemas.enrichedTradeId()).isEqualTo(3);
        assertThat(schemas.writers().of(Feed.TRADES).byKey(3)).isEqualTo(Schemas.TRADE);
        assertThat(schemas.writers().of(Feed.USERS).byKey(3)).isEqualTo(Schemas.USER);
    }

    @Test
    void requestsAnIdInEachContext() throws Exception {
        registry.newest("%3A.fx%3Atrades-value", 1, Schemas.TRADE).schema(8, Schemas.USER);
        FeedSchemas feeds =
                sent(open("registry.subject.trades", ":.fx:trades-value").writers());

        assertThatExceptionOfType(DecodeException.class)
                .isThrownBy(() -> feeds.of(Feed.TRADES).byKey(8))
                .withMessage("the registry has no schema with the id 8 in the context .fx");
        assertThat(feeds.of(Feed.USERS).byKey(8)).isEqualTo(Schemas.USER);
        assertThat(feeds.of(Feed.USERS).byKey(3)).isEqualTo(Schemas.USER);
        assertThat(registry.requests)
                .endsWith("GET /schemas/ids/8?subject=%3A.fx%3Atrades-value", "GET /schemas/ids/8");
    }

    @Test
    void looksUpAndReadsTheOutputSchemaInItsContext() throws Exception {
        String subject = ":.out:enriched";
        registry.on("POST /subjects/%3A.out%3Aenriched", 200, "{\"id\":1}")
                .schema(1, Schemas.TRADE)
                .on(
                        "GET /schemas/ids/1?subject=%3A.out%3Aenriched",
                        200,
                        StubRegistry.json(Schemas.ENRICHED_TRADE.toString()).toString());
        assertThat(open("registry.register", "look-up", "registry.subject.enriched-trades", subject)
                        .enrichedTradeId())
                .isEqualTo(1);
        assertThat(RegistrySetup.enrichedTrades(
                                Configs.of(registry.url(), "registry.subject.enriched-trades", subject), "any")
                        .byKey(1))
                .isEqualTo(Schemas.ENRICHED_TRADE);
    }

    @Test
    void registersTheSchemasOfTheFeedsInTheirContexts() throws Exception {
        registry.on("POST /subjects/%3A.fx%3At/versions", 200, "{\"id\":1}")
                .on("POST /subjects/instruments-value/versions", 200, "{\"id\":1}")
                .on("POST /subjects/%3A.fx%3Au/versions", 200, "{\"id\":2}");
        assertThat(RegistrySetup.feedIds(
                        Configs.of(
                                registry.url(),
                                "registry.subject.trades",
                                ":.fx:t",
                                "registry.subject.users",
                                ":.fx:u"),
                        JobSchemas.bundled(),
                        Feed::title))
                .containsExactlyInAnyOrderEntriesOf(Map.of(Feed.TRADES, 1L, Feed.INSTRUMENTS, 1L, Feed.USERS, 2L));
    }

    @Test
    void warnsOfAMissingSubjectAndDoesNotRegisterIt() throws Exception {
        registry.on("GET /subjects/users-value/versions/latest", 404, "{\"error_code\":40401}");
        assertThat(open().warnings())
                .containsExactly(
                        "The registry has no subject users-value yet, so it is unknown whether the job can read its"
                                + " records; registry.subject.users names another subject.");
        assertThat(registry.requests).noneMatch(question -> question.startsWith("POST /subjects/users"));
    }

    @Test
    void rejectsAnUnreadableSchemaBeforeItRegistersTheOutput() {
        registry.newest("users-value", 3, FORTNIGHTS);
        assertRejected("registry.subject.users: the job cannot read what is written with the newest schema under the"
                + " subject users-value: the writer's User.valid_from has logicalType \"timestamp-fortnights\", which"
                + " the job does not understand; correct that schema, or name another subject");
        assertThat(registry.requests).doesNotContain(REGISTER);
    }

    @Test
    void acceptsASchemaWithOtherUnitsAndLenientNames() throws Exception {
        String lenient = Schemas.USER
                .toString()
                .replace("timestamp-micros", "timestamp-nanos")
                .replace("io.tradeenrichment", "com.my-exchange");
        registry.newest("users-value", 3, Schemas.lenientParser().parse(lenient));
        assertThat(open().warnings()).isEmpty();
    }

    @Test
    void reportsAnIncompatibleOutputSchema() {
        registry.on(REGISTER, 409, "{\"error_code\":409,\"message\":\"new schema is\\nincompatible\"}");
        assertRejected("registry.register: the registry rejects the schema EnrichedTrade.avsc under the subject"
                + " enriched-trades-value (the registry at " + registry.url()
                + " answered 409: new schema is incompatible); change the subject's compatibility, or name another"
                + " subject with registry.subject.enriched-trades");
    }

    @Test
    void reportsAnUnregisteredOutputSchema() {
        registry.on(LOOK_UP, 404, "{\"error_code\":40403}");
        assertRejected(
                "registry.register is look-up, but the schema EnrichedTrade.avsc is not registered under the subject"
                        + " enriched-trades-value; register it there, or set registry.register to register",
                "registry.register",
                "look-up");
    }

    @Test
    void findsASchemaInAnotherSpelling() throws Exception {
        registry.on(LOOK_UP, 404, "{\"error_code\":40403}").newest("enriched-trades-value", 8, Schemas.ENRICHED_TRADE);
        assertThat(open("registry.register", "look-up").enrichedTradeId()).isEqualTo(8);

        registry.newest("enriched-trades-value", 9, Schemas.TRADE);
        assertRejected(
                "registry.register is look-up, but the schema EnrichedTrade.avsc is not registered under the subject"
                        + " enriched-trades-value; register it there, or set registry.register to register",
                "registry.register",
                "look-up");
    }

    @Test
    void checksTheSchemasOfAvroKeysOnly() throws Exception {
        registry.newest("users-key", 6, Schema.create(Schema.Type.LONG));
        assertThat(checkKeys(KeyFormat.TEXT, KeyFormat.AVRO)).isEmpty();
        assertThat(registry.requests).containsExactly("GET /subjects/users-key/versions/latest");

        registry.on("GET /subjects/instruments-key/versions/latest", 404, "{\"error_code\":40401}");
        assertThat(checkKeys(KeyFormat.AVRO, KeyFormat.BIG_ENDIAN))
                .containsExactly(
                        "The registry has no subject instruments-key yet, so it is unknown whether the job can read"
                                + " the keys of instrument records.");

        registry.newest("users-key", 7, Schema.create(Schema.Type.STRING));
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> checkKeys(KeyFormat.BIG_ENDIAN, KeyFormat.AVRO))
                .withMessage(
                        "dimensions.user.key-format is avro, but the newest schema under the subject users-key does"
                                + " not contain the user_id: it is not a plain int or long; correct that schema, or set the format"
                                + " that the keys have");
        assertThat(registry.requests).noneMatch(question -> question.startsWith("POST"));
    }

    @Test
    void registersOrLooksUpTheSchemaOfAvroKeys() throws Exception {
        registry.on("POST /subjects/instruments-key/versions", 200, "{\"id\":61}")
                .on("POST /subjects/instruments-key", 200, "{\"id\":62}");
        assertThat(keyId("register")).isEqualTo(61);
        assertThat(registry.bodies).contains(StubRegistry.json("\"long\"").toString());
        assertThat(keyId("look-up")).isEqualTo(62);

        registry.on("POST /subjects/instruments-key", 404, "{\"error_code\":40403}");
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> keyId("look-up"))
                .withMessage("registry.register is look-up, but the schema \"long\" is not registered under the subject"
                        + " instruments-key; register it there, or set registry.register to register");
        registry.on("POST /subjects/instruments-key/versions", 409, "{\"error_code\":409,\"message\":\"other\"}");
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> keyId("register"))
                .withMessage("registry.register: the registry rejects the schema \"long\" under the subject"
                        + " instruments-key (the registry at " + registry.url() + " answered 409: other); change the"
                        + " subject's compatibility, or write keys in another format");
    }

    private List<String> checkKeys(KeyFormat instrument, KeyFormat user) throws Exception {
        return RegistrySetup.checkKeys(
                Configs.of(registry.url()), JobSchemas.bundled(), new KeyFormats(instrument, user), Feed::title);
    }

    private long keyId(String registration) throws Exception {
        return RegistrySetup.keyId(
                Configs.of(registry.url(), "registry.register", registration),
                JobSchemas.bundled().row(Dimension.INSTRUMENT),
                "instruments");
    }

    @Test
    void reportsAMissingOrWrongLoginWithoutRetry() {
        registry.on("GET /subjects/trades-value/versions/latest", 401, "{}");
        assertRejected("registry.user: the subject trades-value cannot be looked up, the registry at " + registry.url()
                + " answered 401; set registry.user and registry.password-file");
        assertThat(registry.requests).hasSize(1);
        assertRejected(
                "registry.user: the subject trades-value cannot be looked up, the registry at " + registry.url()
                        + " answered 401; check the user, the password and the user's permissions",
                "registry.user",
                "me",
                "registry.password",
                "canary");
    }

    @Test
    void retriesUntilTheTimeout() throws Exception {
        registry.on("GET /subjects/trades-value/versions/latest", (n, exchange) -> {
            StubRegistry.send(exchange, n == 0 ? 500 : 404, n == 0 ? "{}" : "{\"error_code\":40401}");
        });
        assertThat(open("registry.check.timeout", "20 s").enrichedTradeId()).isEqualTo(4);

        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> open(Configs.of("http://localhost:1")))
                .withMessageStartingWith("registry.url: the subject trades-value cannot be looked up within"
                        + " registry.check.timeout (300 ms), the registry at http://localhost:1 cannot be reached: ");
    }

    @Test
    void reportsAnUnreadableTruststore() {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> open(Configs.of("https://localhost:1", "registry.truststore.file", "/no/such.p12")))
                .withMessage("registry.truststore.file: /no/such.p12 cannot be used: there is no such file");
    }

    private void assertRejected(String sentence, String... settings) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> open(settings))
                .withMessage(sentence);
    }

    private RegistrySetup open(String... settings) throws Exception {
        return open(Configs.of(registry.url(), settings));
    }

    private static FeedSchemas sent(FeedSchemas schemas) throws Exception {
        return InstantiationUtil.clone(schemas);
    }

    private static RegistrySetup open(RegistryConfig config) throws Exception {
        return RegistrySetup.open(config, JobSchemas.bundled(), Feed::title, "enriched-trades");
    }
}
