package io.tradeenrichment.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.schema.MeteredSchemas;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.codec.schema.WriterSchemas;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.Reason;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.apache.avro.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RegistryWriterSchemasTest {
    private static final String RECURSIVE = """
            {"type":"record","name":"Chain","fields":[{"name":"next","type":["null","Chain"]}]}""";

    private static final Subject PLAIN = new Subject("users-value");

    private StubRegistry registry;

    @BeforeEach
    void start() throws Exception {
        registry = new StubRegistry();
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void requestsASchemaById() throws Exception {
        registry.schema(7, Schemas.USER);
        assertThat(schemas().byKey(7)).isEqualTo(Schemas.USER);
        assertThat(registry.requests).containsExactly("GET /schemas/ids/7");
    }

    @Test
    void serializesTheSchemasFoundAtStart() throws Exception {
        var text = new RegisteredSchema(List.of(Schemas.USER.toString()));
        WriterSchemas deserialized =
                copy(new RegistryWriterSchemas(Configs.of("http://localhost:1"), PLAIN, Map.of(7L, text)));
        assertThat(deserialized.byKey(7)).isEqualTo(Schemas.USER);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 503, 429, 401, 403, 302, 400})
    void waitsWhileTheRegistryIsUnavailable(int status) throws Exception {
        registry.on("GET /schemas/ids/7", (n, exchange) -> {
            if (n < 2) {
                StubRegistry.send(exchange, status, "{}");
            } else {
                StubRegistry.send(
                        exchange,
                        200,
                        StubRegistry.json(Schemas.USER.toString()).toString());
            }
        });
        assertThat(schemas().byKey(7)).isEqualTo(Schemas.USER);
        assertThat(registry.requests).hasSize(3);
    }

    @Test
    void retriesAfterAnAnswerThatIsNotTheRegistrys() throws Exception {
        registry.on("GET /schemas/ids/7", (n, exchange) -> {
            switch (n) {
                case 0 -> StubRegistry.send(exchange, 200, "<html>");
                case 1 -> StubRegistry.send(exchange, 200, "{\"schema\":5}");
                case 2 -> StubRegistry.send(exchange, 404, "no such page");
                default ->
                    StubRegistry.send(
                            exchange,
                            200,
                            StubRegistry.json(Schemas.USER.toString()).toString());
            }
        });
        assertThat(schemas().byKey(7)).isEqualTo(Schemas.USER);
    }

    @Test
    void isInterruptibleAndReportsTheWaitInMetrics() throws Exception {
        WriterSchemas schemas = new RegistryWriterSchemas(Configs.of("http://localhost:1"), PLAIN, Map.of());
        MeteredSchemas lookups = new MeteredSchemas(feed -> schemas);
        Map<String, LongSupplier> gauges = new ConcurrentHashMap<>();
        lookups.register(gauges::put);
        AtomicReference<Throwable> end = new AtomicReference<>();
        Thread task = new Thread(() -> {
            try {
                lookups.of(Feed.USERS).byKey(7);
            } catch (Throwable e) {
                end.set(e);
            }
        });
        assertThat(gauges.get("schemaLookupsWaiting").getAsLong()).isZero();

        task.start();
        await().until(() -> gauges.get("schemaLookupSeconds").getAsLong() >= 1);
        assertThat(gauges.get("schemaLookupsWaiting").getAsLong()).isEqualTo(1);
        task.interrupt();
        task.join(Duration.ofSeconds(10).toMillis());

        assertThat(end.get()).isInstanceOf(InterruptedException.class);
        assertThat(gauges.get("schemaLookupsWaiting").getAsLong()).isZero();
        assertThat(gauges.get("schemaLookups").getAsLong()).isEqualTo(1);
    }

    @Test
    void cachesAnUnknownId() {
        RegistryWriterSchemas schemas = schemas();
        for (int i = 0; i < 100; i++) {
            DecodeException failure = failure(schemas, 99);
            assertThat(failure.reason()).isEqualTo(Reason.UNKNOWN_SCHEMA);
            assertThat(failure).hasMessage("the registry has no schema with the id 99");
        }
        assertThat(registry.requests).containsExactly("GET /schemas/ids/99");
    }

    @Test
    void rejectsANegativeIdWithoutARequest() {
        assertThat(failure(schemas(), -1).reason()).isEqualTo(Reason.UNKNOWN_SCHEMA);
        assertThat(registry.requests).isEmpty();
    }

    @Test
    void negativeCacheEntriesExpire() throws Exception {
        NegativeCache cache = new NegativeCache();
        DecodeException unknown = new DecodeException(Reason.UNKNOWN_SCHEMA, "unknown");
        long start = Long.MAX_VALUE - 5; // System.nanoTime may overflow.
        cache.add(7, unknown, start);
        long end = start + NegativeCache.TTL.toNanos();

        assertThat(catchThrowableOfType(DecodeException.class, () -> cache.throwIfPresent(7, end - 1)))
                .isSameAs(unknown);
        cache.throwIfPresent(7, end);
        cache.throwIfPresent(8, start);
    }

    @Test
    void resolvesReferences() throws Exception {
        Schema whole = new Schema.Parser().parse("""
                {"type":"record","name":"a.Order","fields":[
                  {"name":"id","type":{"type":"record","name":"a.Id","fields":[
                    {"name":"kind","type":{"type":"enum","name":"a.Kind","symbols":["X"]}}]}},
                  {"name":"kind","type":"a.Kind"}]}""");
        ObjectNode order = StubRegistry.json("""
                {"type":"record","name":"a.Order","fields":[
                  {"name":"id","type":"a.Id"},{"name":"kind","type":"a.Kind"}]}""");
        refer(order, "a.Id", "ids", 1);
        refer(order, "a.Kind", "kinds", 2);
        ObjectNode id = StubRegistry.json("""
                {"type":"record","name":"a.Id","fields":[{"name":"kind","type":"a.Kind"}]}""");
        refer(id, "a.Kind", "kinds", 2);
        registry.on("GET /schemas/ids/7", 200, order.toString());
        registry.on("GET /subjects/ids/versions/1", 200, id.toString());
        registry.on(
                "GET /subjects/kinds/versions/2",
                200,
                StubRegistry.json("{\"type\":\"enum\",\"name\":\"a.Kind\",\"symbols\":[\"X\"]}")
                        .toString());

        assertThat(schemas().byKey(7)).isEqualTo(whole);
        assertThat(registry.requests).hasSize(3);
    }

    @Test
    void requestsAnIdInTheContextOfTheSubject() throws Exception {
        registry.schema(7, Schemas.USER)
                .on(
                        "GET /schemas/ids/7?subject=%3A.equities%20eu%3Atrades%2F1-value",
                        200, StubRegistry.json(Schemas.TRADE.toString()).toString());
        assertThat(schemas(new Subject(":.equities eu:trades/1-value")).byKey(7))
                .isEqualTo(Schemas.TRADE);
        assertThat(schemas(new Subject(":.:users-value")).byKey(7)).isEqualTo(Schemas.USER);
        assertThat(registry.requests)
                .containsExactly(
                        "GET /schemas/ids/7?subject=%3A.equities%20eu%3Atrades%2F1-value", "GET /schemas/ids/7");
    }

    @Test
    void ignoresAnIdOfTheDefaultContext() {
        registry.schema(7, Schemas.USER);
        DecodeException failure = failure(schemas(new Subject(":.fx:users-value")), 7);
        assertThat(failure.reason()).isEqualTo(Reason.UNKNOWN_SCHEMA);
        assertThat(failure).hasMessage("the registry has no schema with the id 7 in the context .fx");
    }

    @Test
    void resolvesAReferenceInTheContextOfItsSchema() throws Exception {
        // Order in .fx refers to Id in .fx and, with its full name, to Leg in .legs, which refers to Kind in .legs.
        ObjectNode order = StubRegistry.json("""
                {"type":"record","name":"a.Order","fields":[
                  {"name":"id","type":"a.Id"},{"name":"leg","type":"a.Leg"}]}""");
        refer(order, "a.Id", "ids", 1);
        refer(order, "a.Leg", ":.legs:leg", 3);
        ObjectNode leg = StubRegistry.json("""
                {"type":"record","name":"a.Leg","fields":[{"name":"kind","type":"a.Kind"}]}""");
        refer(leg, "a.Kind", "kinds", 2);
        registry.on("GET /schemas/ids/7?subject=%3A.fx%3Aorders", 200, order.toString())
                .on("GET /subjects/%3A.fx%3Aids/versions/1", 200, enumeration("a.Id"))
                .on("GET /subjects/ids/versions/1", 200, enumeration("a.OfTheDefaultContext"))
                .on("GET /subjects/%3A.legs%3Aleg/versions/3", 200, leg.toString())
                .on("GET /subjects/%3A.legs%3Akinds/versions/2", 200, enumeration("a.Kind"))
                .on("GET /subjects/%3A.fx%3Akinds/versions/2", 200, enumeration("a.OfAnotherContext"));

        assertThat(schemas(new Subject(":.fx:orders")).byKey(7)).isEqualTo(new Schema.Parser().parse("""
                {"type":"record","name":"a.Order","fields":[
                  {"name":"id","type":{"type":"enum","name":"a.Id","symbols":["X"]}},
                  {"name":"leg","type":{"type":"record","name":"a.Leg","fields":[
                    {"name":"kind","type":{"type":"enum","name":"a.Kind","symbols":["X"]}}]}}]}"""));
        assertThat(registry.requests).hasSize(4);
    }

    private static String enumeration(String name) {
        return StubRegistry.json("{\"type\":\"enum\",\"name\":\"" + name + "\",\"symbols\":[\"X\"]}")
                .toString();
    }

    @Test
    void rejectsAMissingAndACircularReference() {
        ObjectNode lost = StubRegistry.json("{}");
        refer(lost, "a.Id", "nowhere", 1);
        registry.on("GET /schemas/ids/7", 200, lost.toString());
        ObjectNode circle = StubRegistry.json("\"a.Id\"");
        refer(circle, "a.Id", "circle", 1);
        registry.on("GET /schemas/ids/8", 200, circle.toString());
        registry.on("GET /subjects/circle/versions/1", 200, circle.toString());

        assertUnusable(7, "the schema with the id 7 refers to /subjects/nowhere/versions/1, which does not exist");
        assertUnusable(8, "the schema with the id 8 is not an Avro schema: ");
    }

    @Test
    void rejectsAnInvalidOrUnsafeSchema() {
        registry.on("GET /schemas/ids/1", 200, "{\"schemaType\":\"PROTOBUF\",\"schema\":\"message A {}\"}");
        registry.on(
                "GET /schemas/ids/2",
                200,
                StubRegistry.json("{\"type\":\"rec\"}").toString());
        registry.on("GET /schemas/ids/3", 200, StubRegistry.json(RECURSIVE).toString());
        registry.on("GET /schemas/ids/4", 200, StubRegistry.json(nested(60)).toString());
        registry.on("GET /schemas/ids/5", 200, StubRegistry.json(nested(20_000)).toString());
        registry.on(
                "GET /schemas/ids/6",
                200,
                StubRegistry.json("\"string\"" + " ".repeat(1 << 20)).toString());
        registry.on(
                "GET /schemas/ids/7",
                200,
                StubRegistry.json("\"string\"" + " ".repeat(5 << 20)).toString());

        assertUnusable(1, "the schema with the id 1 is of the type PROTOBUF, not AVRO");
        assertUnusable(2, "the schema with the id 2 is not an Avro schema: ");
        assertUnusable(3, "the schema with the id 3 is recursive: its records could be nested without end (Chain)");
        assertUnusable(4, "the schema with the id 4 has more than 50 levels");
        assertUnusable(5, "the schema with the id 5 is not an Avro schema: ");
        assertUnusable(6, "the schema with the id 6 has 1048584 characters, more than the maximum of 1048576");
        assertUnusable(7, "the schema with the id 7 is too large: ");
    }

    @Test
    void visitsARepeatedTypeOnce() throws Exception {
        StringBuilder twice = new StringBuilder("{\"type\":\"record\",\"name\":\"R0\",\"fields\":[]}");
        for (int i = 1; i < 40; i++) {
            twice = new StringBuilder(
                    "{\"type\":\"record\",\"name\":\"R" + i + "\",\"fields\":[{\"name\":\"a\",\"type\":" + twice
                            + "},{\"name\":\"b\",\"type\":\"R" + (i - 1) + "\"}]}");
        }
        registry.on(
                "GET /schemas/ids/7", 200, StubRegistry.json(twice.toString()).toString());
        assertThat(schemas().byKey(7).getName()).isEqualTo("R39");
    }

    /** Reading does not depend on the writer's names and defaults. */
    @Test
    void acceptsASchemaWithInvalidNamesAndDefaults() throws Exception {
        ObjectNode user = StubRegistry.json("""
                {"type":"record","name":"User","namespace":"com.my-exchange","fields":[
                  {"name":"user_id","type":"long","default":"none"},{"name":"kind","type":"com.my-exchange.the-kind"}]}""");
        refer(user, "com.my-exchange.the-kind", "kinds", 2);
        registry.on("GET /schemas/ids/7", 200, user.toString());
        registry.on(
                "GET /subjects/kinds/versions/2", 200, StubRegistry.json("""
                        {"type":"enum","name":"the-kind","namespace":"com.my-exchange","symbols":["a-b"]}""").toString());
        Schema schema = schemas().byKey(7);
        assertThat(schema.getFullName()).isEqualTo("com.my-exchange.User");
        assertThat(schema.getField("kind").schema().getEnumSymbols()).containsExactly("a-b");
    }

    private static String nested(int depth) {
        return "{\"type\":\"array\",\"items\":".repeat(depth) + "\"int\"" + "}".repeat(depth);
    }

    private static void refer(ObjectNode schema, String name, String subject, int version) {
        schema.withArray("/references")
                .addObject()
                .put("name", name)
                .put("subject", subject)
                .put("version", version);
    }

    /** Looks the id up twice, and expects one request. */
    private void assertUnusable(long id, String sentence) {
        registry.requests.clear();
        RegistryWriterSchemas schemas = schemas();
        DecodeException failure = failure(schemas, id);
        assertThat(failure.reason()).isEqualTo(Reason.INCOMPATIBLE_SCHEMA);
        assertThat(failure.sentence()).startsWith(sentence);
        assertThat(failure(schemas, id)).isSameAs(failure);
        assertThat(registry.requests).containsOnlyOnce("GET /schemas/ids/" + id);
    }

    private RegistryWriterSchemas schemas() {
        return schemas(PLAIN);
    }

    private RegistryWriterSchemas schemas(Subject subject) {
        return new RegistryWriterSchemas(Configs.of(registry.url()), subject, Map.of());
    }

    private static DecodeException failure(WriterSchemas schemas, long id) {
        DecodeException failure = catchThrowableOfType(DecodeException.class, () -> schemas.byKey(id));
        assertThat(failure).isNotNull();
        return failure;
    }

    private static WriterSchemas copy(WriterSchemas schemas) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(schemas);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (WriterSchemas) in.readObject();
        }
    }
}
