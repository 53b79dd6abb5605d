package io.tradeenrichment.savepoint;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OutputChangesTest {
    private static final String ID = "{\"name\":\"id\",\"type\":\"long\"}";
    private static final String VENUE = "{\"name\":\"venue\",\"type\":\"string\"}";
    private static final String USER = "{\"name\":\"user\",\"type\":[\"null\",\"string\"],\"default\":null}";
    private static final String READABLE =
            "Consumers that resolve schemas by Avro's rules can read the new enriched trades with the old schema.";
    private static final String UNREADABLE =
            "Consumers cannot read the new enriched trades with the old schema; change them before the job.";

    @Test
    void findsNothingInEqualSchemas() {
        assertThat(OutputChanges.between(record(ID, VENUE, USER), record(ID, VENUE, USER)))
                .isEmpty();
    }

    @Test
    void namesAnAddedFieldAndTheFieldBeforeIt() {
        assertThat(OutputChanges.between(record(ID, USER), record(ID, VENUE, USER)))
                .containsExactly("The enriched trades get the field venue, after id.", READABLE);
        assertThat(OutputChanges.between(record(ID), record(VENUE, ID)))
                .containsExactly("The enriched trades get the field venue, the first.", READABLE);
    }

    @Test
    void namesARemovedFieldAndWhetherConsumersNeedIt() {
        assertThat(OutputChanges.between(record(ID, VENUE, USER), record(ID, VENUE)))
                .containsExactly("The enriched trades lose the field user.", READABLE);
        assertThat(OutputChanges.between(record(ID, VENUE), record(ID)))
                .containsExactly("The enriched trades lose the field venue.", UNREADABLE);
    }

    @Test
    void namesAMovedField() {
        assertThat(OutputChanges.between(record(ID, VENUE, USER), record(ID, USER, VENUE)))
                .containsExactly(
                        "The field user of the enriched trades moves: it is after id, and was after venue.",
                        "The field venue of the enriched trades moves: it is after user, and was after id.",
                        READABLE);
    }

    @Test
    void namesAFieldOfAnotherType() {
        assertThat(OutputChanges.between(record(ID), record(ID.replace("long", "string"))))
                .containsExactly(
                        "The field id of the enriched trades gets the type \"string\", and had \"long\".", UNREADABLE);
    }

    @Test
    void namesARecordOfAnotherName() {
        assertThat(OutputChanges.between(record(ID), record(ID).replace("Enriched", "EnrichedFill")))
                .first()
                .isEqualTo("The schema of the enriched trades is EnrichedFill, and was Enriched.");
    }

    private static String record(String... fields) {
        return "{\"type\":\"record\",\"name\":\"Enriched\",\"fields\":[" + String.join(",", fields) + "]}";
    }
}
