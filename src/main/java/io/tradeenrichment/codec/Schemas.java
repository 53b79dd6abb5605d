package io.tradeenrichment.codec;

import io.tradeenrichment.model.Feed;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;

/** The job's own schemas, from {@code src/main/avro}. */
public final class Schemas {
    public static final Schema TRADE = bundled("Trade");
    public static final Schema INSTRUMENT = bundled("Instrument");
    public static final Schema USER = bundled("User");
    public static final Schema ENRICHED_TRADE = bundled("EnrichedTrade");
    public static final Schema DEAD_LETTER = bundled("DeadLetter");

    private Schemas() {}

    /** The schema that the records of this feed are read as. */
    public static Schema of(Feed feed) {
        return switch (feed) {
            case TRADES -> TRADE;
            case INSTRUMENTS -> INSTRUMENT;
            case USERS -> USER;
        };
    }

    /**
     * For schemas that others wrote. Names that Avro does not allow and defaults of another type are nothing to a reader
     * of such records: it finds types by position and takes defaults from its own schema.
     */
    public static Schema.Parser lenientParser() {
        return new Schema.Parser(NameValidator.NO_VALIDATION).setValidateDefaults(false);
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
