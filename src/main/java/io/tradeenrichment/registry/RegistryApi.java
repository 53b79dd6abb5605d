package io.tradeenrichment.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.registry.RegistryException.Fault;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;

/** The requests of Confluent's Schema Registry API that the job uses. It does not retry. */
final class RegistryApi {
    private static final int MAX_REFERENCES = 100;

    private final RegistryClient client;

    RegistryApi(RegistryClient client) {
        this.client = client;
    }

    /** The latest version of a subject. */
    record Newest(long id, RegisteredSchema schema) {
        Schema parse(Subject subject) throws DecodeException {
            return schema.parse(name(subject));
        }

        private static String name(Subject subject) {
            return "the newest schema under the subject " + subject;
        }
    }

    /**
     * Sends the subject only if it is in a named context. With a plain subject, Confluent's registry would search all
     * contexts for an id that the default context does not have, and other registries may find only schemas that are
     * registered under this subject, though the producer may use another.
     *
     * @param subject determines the context of the id
     * @throws DecodeException if the schema is not usable
     */
    RegisteredSchema byId(long id, Subject subject) throws RegistryException, DecodeException, InterruptedException {
        String name = name(id, subject);
        String path = "/schemas/ids/" + id;
        if (!subject.isInDefaultContext()) {
            path += "?subject=" + encoded(subject.name());
        }
        try {
            return schema(name, subject, client.get(path));
        } catch (RegistryException e) {
            if (e.fault() == Fault.TOO_LARGE) {
                throw RegisteredSchema.unusable(name, "is too large: " + e.sentence());
            }
            throw e;
        }
    }

    /** The name of a schema in sentences. */
    static String name(long id, Subject subject) {
        return "the schema with the id " + id + subject.inContext();
    }

    /** Empty if there is no such subject. */
    Optional<Newest> newest(Subject subject) throws RegistryException, DecodeException, InterruptedException {
        try {
            JsonNode answer = client.get(version(subject, "latest"));
            requireContext(subject, answer);
            return Optional.of(new Newest(number(answer, "id"), schema(Newest.name(subject), subject, answer)));
        } catch (RegistryException e) {
            if (e.fault() == Fault.NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Registers the schema under the subject if it is not registered there; returns its id. */
    long register(Subject subject, Schema schema) throws RegistryException, InterruptedException {
        return number(client.post("/subjects/" + encoded(subject.name()) + "/versions", body(schema)), "id");
    }

    /** The id of a schema that is registered under the subject. */
    long lookUp(Subject subject, Schema schema) throws RegistryException, InterruptedException {
        JsonNode answer = client.post("/subjects/" + encoded(subject.name()), body(schema));
        requireContext(subject, answer);
        return number(answer, "id");
    }

    /**
     * If the default context does not have a plain subject, Confluent's registry answers with the same subject of
     * another context, whose ids are different. If the URL names a context, plain subjects belong to that context.
     */
    private void requireContext(Subject subject, JsonNode answer) throws RegistryException {
        String answered = answer.path("subject").asText();
        if (answered.isEmpty() || (subject.isInDefaultContext() && client.isInContext())) {
            return;
        }
        if (!new Subject(answered).context().equals(subject.context())) {
            throw new RegistryException(
                    Fault.NOT_FOUND,
                    "the registry has no subject " + subject + subject.inContext() + "; it answered with " + answered);
        }
    }

    private RegisteredSchema schema(String name, Subject subject, JsonNode answer)
            throws RegistryException, DecodeException, InterruptedException {
        String type = answer.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw RegisteredSchema.unusable(name, "is of the type " + type + ", not AVRO");
        }
        List<String> json = new ArrayList<>();
        collect(name, subject, answer, json, new HashSet<>());
        return new RegisteredSchema(json);
    }

    /** Adds the referenced schemas before the schema itself, in the order that Avro's parser needs. */
    private void collect(String name, Subject subject, JsonNode answer, List<String> json, Set<String> seen)
            throws RegistryException, DecodeException, InterruptedException {
        for (JsonNode reference : answer.path("references")) {
            Subject referred = subject.resolve(reference.path("subject").asText());
            String version = version(referred, reference.path("version").asText());
            if (!seen.add(version)) {
                continue;
            }
            if (seen.size() > MAX_REFERENCES) {
                throw RegisteredSchema.unusable(name, "refers to more than " + MAX_REFERENCES + " other schemas");
            }
            collect(name, referred, referred(name, referred, version), json, seen);
        }
        JsonNode schema = answer.get("schema");
        if (schema == null || !schema.isTextual()) {
            throw notARegistry();
        }
        json.add(schema.asText());
    }

    private JsonNode referred(String name, Subject referred, String version)
            throws RegistryException, DecodeException, InterruptedException {
        try {
            JsonNode answer = client.get(version);
            requireContext(referred, answer);
            return answer;
        } catch (RegistryException e) {
            if (e.fault() == Fault.NOT_FOUND) {
                throw RegisteredSchema.unusable(name, "refers to " + version + ", which does not exist");
            }
            throw e;
        }
    }

    private static JsonNode body(Schema schema) {
        return JsonNodeFactory.instance.objectNode().put("schema", schema.toString());
    }

    private static long number(JsonNode answer, String field) throws RegistryException {
        JsonNode number = answer.get(field);
        if (number == null || !number.canConvertToInt()) {
            throw notARegistry();
        }
        return number.asInt();
    }

    private static RegistryException notARegistry() {
        return new RegistryException(
                Fault.UNAVAILABLE, "the server at " + RegistryOptions.URL.key() + " is not a schema registry");
    }

    private static String version(Subject subject, String version) {
        return "/subjects/" + encoded(subject.name()) + "/versions/" + encoded(version);
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
