package io.tradeenrichment.codec.key;

import io.tradeenrichment.codec.layout.IdType;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.layout.RowSchema;
import io.tradeenrichment.model.Dimension;
import java.io.Serializable;
import java.util.Map;

/** The key format of each dimension; big-endian for the others. */
public record KeyFormats(Map<Dimension, KeyFormat> formats) implements Serializable {
    public static final KeyFormats BIG_ENDIAN = new KeyFormats(KeyFormat.BIG_ENDIAN, KeyFormat.BIG_ENDIAN);

    public KeyFormats {
        formats = Map.copyOf(formats);
    }

    /** For the dimensions of the bundled schemas. */
    public KeyFormats(KeyFormat instrument, KeyFormat user) {
        this(Map.of(Dimension.INSTRUMENT, instrument, Dimension.USER, user));
    }

    public KeyFormat of(Dimension dimension) {
        return formats.getOrDefault(dimension, KeyFormat.BIG_ENDIAN);
    }

    /** @throws IllegalArgumentException if the ids of a dimension cannot be written in its key format */
    public void check(JobSchemas schemas) {
        schemas.rows().forEach(this::check);
    }

    /** @throws IllegalArgumentException if the ids of this dimension cannot be written in its key format */
    public void check(RowSchema row) {
        if (row.idType() == IdType.TEXT && of(row.dimension()) == KeyFormat.BIG_ENDIAN) {
            throw new IllegalArgumentException(KeyErrors.setting(row.dimension()) + " is "
                    + KeyFormat.BIG_ENDIAN.title() + ", but " + row.idField() + ", the id of the "
                    + row.dimension() + ", is a string; set it to " + KeyFormat.TEXT.title() + " or "
                    + KeyFormat.AVRO.title());
        }
    }
}
