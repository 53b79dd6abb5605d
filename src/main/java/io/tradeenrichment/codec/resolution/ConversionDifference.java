package io.tradeenrichment.codec.resolution;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.resolution.SchemaResolver.Conversion;
import java.util.List;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** Whether two writers' schemas of equal structure are read alike, or a value is converted differently. */
public final class ConversionDifference {
    private static final Conversion ABSENT = new Conversion("", "absent", "");

    private ConversionDifference() {}

    /** The first difference, as part of a sentence; null if records of both schemas are read alike. */
    public static @Nullable String between(Schema one, Schema other, Schema readers) {
        List<Conversion> ones = conversions(one, readers);
        List<Conversion> others = conversions(other, readers);
        for (int i = 0; i < Math.max(ones.size(), others.size()); i++) {
            Conversion first = i < ones.size() ? ones.get(i) : ABSENT;
            Conversion second = i < others.size() ? others.get(i) : ABSENT;
            if (!first.path().equals(second.path()) || !first.conversion().equals(second.conversion())) {
                return (first.path().isEmpty() ? second.path() : first.path()) + " is " + first.unit() + " in one and "
                        + second.unit() + " in the other";
            }
        }
        return null;
    }

    private static List<Conversion> conversions(Schema writers, Schema readers) {
        try {
            return SchemaResolution.resolve(writers, readers).conversions();
        } catch (DecodeException e) {
            return List.of(new Conversion(readers.getName(), "not readable (" + e.sentence() + ")", "rejected"));
        }
    }
}
