package io.tradeenrichment.codec.resolution;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.codec.ApacheAvro;
import io.tradeenrichment.codec.RandomRecords;
import io.tradeenrichment.codec.schema.Schemas;
import java.util.List;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecursiveTypesTest {
    private static final Schema WRITERS = Schemas.parse("""
            {"type": "record", "name": "Node", "fields": [
              {"name": "children", "type": {"type": "array", "items": "Node"}},
              {"name": "extra", "type": "string"},
              {"name": "id", "type": "int"},
              {"name": "next", "type": ["null", "Node"]}]}
            """, "the test");
    private static final Schema READERS = Schemas.parse("""
            {"type": "record", "name": "Node", "fields": [
              {"name": "id", "type": "long"},
              {"name": "next", "type": ["Node", "null"]},
              {"name": "note", "type": "string", "default": "none"},
              {"name": "children", "type": {"type": "array", "items": "Node"}}]}
            """, "the test");

    @Test
    void readsEqualSchemasAsTheyAre() throws Exception {
        assertThat(SchemaResolution.between(WRITERS, Schemas.parse(WRITERS.toString(), "the test")))
                .isNull();
    }

    @Test
    void resolvesATypeInsideItself() throws Exception {
        GenericRecord leaf = node(null, 3);
        GenericRecord root = node(node(leaf, 2, leaf), 1, leaf, node(null, 4, leaf, leaf));
        byte[] datum = ApacheAvro.encode(ApacheAvro.RAW, root);
        SchemaResolution resolution = Objects.requireNonNull(SchemaResolution.between(WRITERS, READERS));
        assertThat(resolution.resolve(datum, 0))
                .isEqualTo(
                        ApacheAvro.encode(ApacheAvro.RAW, ApacheAvro.resolve(ApacheAvro.RAW, WRITERS, READERS, datum)));
    }

    @Test
    void resolvesATypeOfAnotherNameInsideAUnion() throws Exception {
        Schema renamed = Schemas.parse(READERS.toString().replace("Node", "Knot"), "the test");
        byte[] datum = ApacheAvro.encode(ApacheAvro.RAW, node(node(null, 2), 1));
        SchemaResolution resolution = Objects.requireNonNull(SchemaResolution.between(WRITERS, renamed));
        GenericRecord read = ApacheAvro.decode(ApacheAvro.RAW, renamed, resolution.resolve(datum, 0));
        assertThat(((GenericRecord) read.get("next")).get("id")).isEqualTo(2L);
    }

    private static GenericRecord node(@Nullable GenericRecord next, int id, GenericRecord... children) {
        return RandomRecords.record(WRITERS, List.of(children), "x", id, next);
    }
}
