package io.tradeenrichment.savepoint;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.NameValidator;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/** What a change of the settings or of a schema does to the schema of the enriched trades. */
final class OutputChanges {
    private OutputChanges() {}

    /** A sentence for each field that was added, removed, moved or changed, then one on the consumers; empty if none was. */
    static List<String> between(String savedJson, String plannedJson) {
        Schema saved = parse(savedJson);
        Schema planned = parse(plannedJson);
        List<String> changes = new ArrayList<>();
        if (!saved.getFullName().equals(planned.getFullName())) {
            changes.add("The schema of the enriched trades is " + planned.getFullName() + ", and was "
                    + saved.getFullName() + ".");
        }
        for (Schema.Field field : saved.getFields()) {
            if (planned.getField(field.name()) == null) {
                changes.add("The enriched trades lose the field " + field.name() + ".");
            }
        }
        for (Schema.Field field : planned.getFields()) {
            Schema.Field before = saved.getField(field.name());
            if (before == null) {
                changes.add(
                        "The enriched trades get the field " + field.name() + ", " + position(planned, field) + ".");
            } else if (!before.schema().equals(field.schema())) {
                changes.add("The field " + field.name() + " of the enriched trades gets the type " + field.schema()
                        + ", and had " + before.schema() + ".");
            } else if (!position(saved, before).equals(position(planned, field)) && isMoved(saved, planned, field)) {
                changes.add("The field " + field.name() + " of the enriched trades moves: it is "
                        + position(planned, field) + ", and was " + position(saved, before) + ".");
            }
        }
        if (!changes.isEmpty()) {
            changes.add(consumers(saved, planned));
        }
        return changes;
    }

    /** Whether the fields before it that both schemas have are others. */
    private static boolean isMoved(Schema saved, Schema planned, Schema.Field field) {
        return !namesBefore(saved, planned, field.name()).equals(namesBefore(planned, saved, field.name()));
    }

    private static List<String> namesBefore(Schema schema, Schema other, String name) {
        return schema.getFields().stream()
                .map(Schema.Field::name)
                .takeWhile(before -> !before.equals(name))
                .filter(before -> other.getField(before) != null)
                .sorted()
                .toList();
    }

    private static String position(Schema schema, Schema.Field field) {
        return field.pos() == 0
                ? "the first"
                : "after " + schema.getFields().get(field.pos() - 1).name();
    }

    private static String consumers(Schema saved, Schema planned) {
        boolean reads = SchemaCompatibility.checkReaderWriterCompatibility(saved, planned)
                        .getType()
                == SchemaCompatibilityType.COMPATIBLE;
        return reads
                ? "Consumers that resolve schemas by Avro's rules can read the new enriched trades with the old schema."
                : "Consumers cannot read the new enriched trades with the old schema; change them before the job.";
    }

    private static Schema parse(String json) {
        return new Schema.Parser(NameValidator.NO_VALIDATION)
                .setValidateDefaults(false)
                .parse(json);
    }
}
