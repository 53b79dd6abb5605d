package io.tradeenrichment.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.codec.layout.Column;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.layout.RowSchema;
import io.tradeenrichment.model.Dimension;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class EnrichedLayoutTest {
    private static final byte[] PREFIX = {1, 2};

    @Test
    void hasTheBundledNumbersWithTheBundledSchemas() {
        EnrichedLayout layout = EnrichedLayout.of(PREFIX, JobSchemas.bundled());
        EnrichedLayout bundled = EnrichedLayout.bundled(PREFIX);
        assertThat(layout.prefix()).isEqualTo(PREFIX);
        assertThat(layout.tradeLayout()).isEqualTo(EnrichedLayout.BUNDLED);
        assertThat(layout.rowLayouts()).isEqualTo(bundled.rowLayouts());
        assertThat(layout.nullColumns()).hasSize(2);
        assertThat(layout.nullColumns().get(0)).isEqualTo(bundled.nullColumns().get(0));
        assertThat(layout.nullColumns().get(1)).isEqualTo(bundled.nullColumns().get(1));
    }

    @Test
    void numbersOtherColumnsAndWritesTheirNullBranches() {
        JobSchemas bundled = JobSchemas.bundled();
        Schema schema = new Schema.Parser().parse("""
                {"type": "record", "name": "User", "fields": [
                  {"name": "user_id", "type": "long"}, {"name": "a", "type": ["string", "null"]},
                  {"name": "b", "type": ["int", "long", "null"]}, {"name": "c", "type": ["int", "long"]}]}
                """);
        var user = new RowSchema(
                Dimension.USER,
                schema,
                "user_id",
                null,
                List.of(new Column("a", "x"), new Column("b", "y"), new Column("c", "z")));
        EnrichedLayout layout = EnrichedLayout.of(
                PREFIX, new JobSchemas(bundled.trade(), List.of(bundled.rows().get(0), user)));
        assertThat(layout.nullColumns().get(1)).containsExactly(2, 4, 0);
        assertThat(layout.rowLayout(Dimension.INSTRUMENT)).isEqualTo(EnrichedLayout.BUNDLED);
        assertThat(layout.rowLayout(Dimension.USER))
                .isEqualTo(user.fingerprint())
                .isNotZero();
        assertThat(layout.tradeLayout()).isEqualTo(EnrichedLayout.BUNDLED);
    }
}
