package io.tradeenrichment.codec.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;

/** The bundled schemas, from {@code src/main/avro}, and the parsers for those of others. */
public final class Schemas {
    public static final Schema TRADE = bundled("Trade");
    public static final Schema INSTRUMENT = bundled("Instrument");
    public static final Schema USER = bundled("User");
    public static final Schema ENRICHED_TRADE = bundled("EnrichedTrade");
    public static final Schema DEAD_LETTER = bundled("DeadLetter");

    private Schemas() {}

    /**
     * For writers' schemas. It accepts invalid names and invalid defaults, because a reader needs neither: it resolves
     * types by position and takes defaults from its own schema.
     */
    public static Schema.Parser lenientParser() {
        return new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false);
    }

    /**
     * Parses a writer's schema leniently.
     *
     * @param origin of the schema, for the message
     * @throws IllegalArgumentException if the text is not a schema
     */
    public static Schema parse(String json, String origin) {
        try {
            return lenientParser().parse(json);
        } catch (RuntimeException e) {
            // Avro throws several types for invalid schemas, and for some just a NullPointerException.
            throw new IllegalArgumentException(origin + " is not an Avro schema: " + e.getMessage(), e);
        }
    }

    /**
     * Parses a schema that the job reads or writes records with. Names and defaults must be valid.
     *
     * @param origin of the schema, for the message
     * @throws IllegalArgumentException if the text is not a schema
     */
    public static Schema parseStrictly(String json, String origin) {
        try {
            return new Schema.Parser().parse(json);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException(origin + " is not a valid Avro schema: " + e.getMessage(), e);
        }
    }

    private static Schema bundled(String name) {
        String file = "/avro/" + name + ".avsc";
        try (InputStream in = Schemas.class.getResourceAsStream(file)) {
            if (in == null) {
                throw new IllegalStateException("the jar lacks " + file);
            }
            return new Schema.Parser().parse(in);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file + " from the jar", e);
        }
    }
}
