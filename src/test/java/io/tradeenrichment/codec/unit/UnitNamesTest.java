package io.tradeenrichment.codec.unit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class UnitNamesTest {
    @Test
    void theDocsShowEverySupportedUnit() {
        String table = DocumentedUnits.rows().stream()
                .map(DocumentedUnits.Row::written)
                .collect(Collectors.joining("\n"));
        assertThat(UnitNames.all())
                .hasSizeGreaterThan(10)
                .allSatisfy(name -> assertThat(table).contains("\"" + name + "\""));
    }
}
