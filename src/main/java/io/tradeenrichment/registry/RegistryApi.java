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

/**
 * The questions that the job has for a registry, in the terms of Confluent's REST interface (Schema Registry API
 * Reference). Each is asked once; whether to ask again is the asker's to say.
 */
final class RegistryApi {
    private static final int MOST_REFERENCES = 100;

    private final RegistryClient client;

    RegistryApi(RegistryClient client) {
        this.client = client;
    }

    /** What stands under a subject as its newest version. */
    record Newest(long id, int version, RegisteredSchema text) {}

    /**
     * Asks with the subject only where that names a context. For a plain one, Confluent's registry would search every
     * other context for an id that the default one does not have, and other registries may find the schema of this
     * subject only, where the producer has registered it under another.
     *
     * @param subject in whose context the id is
     * @throws DecodeException if there is such a schema, but none that can be read
     */
    RegisteredSchema byId(long id, Subject subject) throws RegistryException, DecodeException, InterruptedException {
        String name = name(id, subject);
        String question = "/schemas/ids/" + id;
        if (!subject.isInDefaultContext()) {
            question += "?subject=" + encoded(subject.name());
        }
        try {
            return text(name, subject, client.get(question));
        } catch (RegistryException e) {
            if (e.fault() == Fault.TOO_LARGE) {
                throw RegisteredSchema.unusable(name, "is too large: " + e.sentence());
            }
            throw e;
        }
    }

    /** What to call a schema in a sentence. */
    static String name(long id, Subject subject) {
        return "the schema with the id " + id + subject.inContext();
    }

    /** Empty if nothing stands under the subject. */
    Optional<Newest> newest(Subject subject) throws RegistryException, DecodeException, InterruptedException {
        try {
            JsonNode answer = client.get(version(subject, "latest"));
            requireContext(subject, answer);
            return Optional.of(new Newest(
                    number(answer, "id"),
                    answer.path("version").asInt(),
                    text("the newest schema under the subject " + subject, subject, answer)));
        } catch (RegistryException e) {
            if (e.fault() == Fault.MISSING) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Registers the schema as the subject's newest version, unless it stands there already; either way, its id. */
    long register(Subject subject, Schema schema) throws RegistryException, InterruptedException {
        return number(client.post("/subjects/" + encoded(subject.name()) + "/versions", body(schema)), "id");
    }

    /** The id of the schema under the subject. */
    long lookUp(Subject subject, Schema schema) throws RegistryException, InterruptedException {
        JsonNode answer = client.post("/subjects/" + encoded(subject.name()), body(schema));
        requireContext(subject, answer);
        return number(answer, "id");
    }

    /**
     * For a plain subject that the default context does not have, Confluent's registry answers with that of any other
     * context, whose ids mean something else. Where the URL itself names a context, plain subjects are those of that one.
     */
    private void requireContext(Subject subject, JsonNode answer) throws RegistryException {
        String answered = answer.path("subject").asText();
        if (answered.isEmpty() || (subject.isInDefaultContext() && client.isInContext())) {
            return;
        }
        if (!new Subject(answered).context().equals(subject.context())) {
            throw new RegistryException(
                    Fault.MISSING,
                    "the registry has no subject " + subject + subject.inContext() + "; it answered with " + answered);
        }
    }

    private RegisteredSchema text(String name, Subject subject, JsonNode answer)
            throws RegistryException, DecodeException, InterruptedException {
        String type = answer.path("schemaType").asText("AVRO");
        if (!type.equals("AVRO")) {
            throw RegisteredSchema.unusable(name, "is of the type " + type + ", not AVRO");
        }
        List<String> json = new ArrayList<>();
        collect(name, subject, answer, json, new HashSet<>());
        return new RegisteredSchema(json);
    }

    /** What a schema refers to comes before it, as Avro's parser wants it. */
    private void collect(String name, Subject subject, JsonNode answer, List<String> json, Set<String> seen)
            throws RegistryException, DecodeException, InterruptedException {
        for (JsonNode reference : answer.path("references")) {
            Subject referred = subject.referred(reference.path("subject").asText());
            String version = version(referred, reference.path("version").asText());
            if (!seen.add(version)) {
                continue;
            }
            if (seen.size() > MOST_REFERENCES) {
                throw RegisteredSchema.unusable(name, "refers to more than " + MOST_REFERENCES + " others");
            }
            collect(name, referred, referred(name, referred, version), json, seen);
        }
        JsonNode schema = answer.get("schema");
        if (schema == null || !schema.isTextual()) {
            throw notOfARegistry();
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
            if (e.fault() == Fault.MISSING) {
                throw RegisteredSchema.unusable(name, "refers to " + version + ", which is not there");
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
            throw notOfARegistry();
        }
        return number.asInt();
    }

    private static RegistryException notOfARegistry() {
        return new RegistryException(
                Fault.NO_ANSWER, "what answers at " + RegistryOptions.URL.key() + " is no schema registry");
    }

    private static String version(Subject subject, String version) {
        return "/subjects/" + encoded(subject.name()) + "/versions/" + encoded(version);
    }

    private static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
