package io.tradeenrichment.codec.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** The expected values were computed by the libraries avro and fastavro for Python. */
class FingerprintsTest {
    private static final Schema ALL_TYPES = Schemas.parse("""
            {"type":"record","name":"F","namespace":"a.b","fields":[
             {"name":"x","type":{"type":"fixed","name":"Px","size":8,"logicalType":"decimal","precision":10,"scale":2}},
             {"name":"y","type":["null","Px"],"default":null},
             {"name":"k","type":{"type":"enum","name":"K","symbols":["A"]}},{"name":"k2","type":"K","unit":"u"},
             {"name":"n","type":{"type":"long","avro.java.string":"x"}},{"name":"pl","type":{"type":"int"}},
             {"name":"ns","type":{"type":"array","items":{"type":"long","logicalType":"timestamp-nanos"}}},
             {"name":"d","type":{"type":"bytes","logicalType":"decimal","scale":2}},
             {"name":"dc","type":{"type":"long","doc":"d"}},
             {"name":"r","type":{"type":"record","name":"R","fields":[
              {"name":"v","type":{"type":"map","values":{"type":"string","avro.java.string":"String"}}}]}},
             {"name":"r2","type":"R"}]}""", "the test");

    @Test
    void equalThoseOfAvroForPython() {
        assertThat(Fingerprints.ofPython(Schemas.TRADE)).isEqualTo(0x848167EEA0EC080CL);
        assertThat(Fingerprints.ofPython(Schemas.INSTRUMENT)).isEqualTo(0xFC359632DBB368DFL);
        assertThat(Fingerprints.ofPython(Schemas.USER)).isEqualTo(0x3D74E02989C620BEL);
        assertThat(Fingerprints.ofPython(Schemas.ENRICHED_TRADE)).isEqualTo(0x9F8400A6FB432BA7L);
        assertThat(Fingerprints.ofPython(ALL_TYPES)).isEqualTo(0xE5AA072C68D67FFCL);
    }

    /** fastavro prints the bytes in little-endian order. */
    @Test
    void equalThoseOfFastavro() {
        assertThat(List.of(Schemas.TRADE, Schemas.INSTRUMENT, Schemas.USER, Schemas.ENRICHED_TRADE))
                .extracting(schema -> String.format("%016x", Long.reverseBytes(Fingerprints.of(schema))))
                .containsExactly("93330445bb27a55c", "d2f0c3d90a2f81b0", "0bf1648fa7faa9f2", "3c692518f43416f8");
    }

    @Test
    void areEqualIfNoPrimitiveHasProperties() {
        Schema plain = Schemas.parse("""
                {"type":"record","name":"P","fields":[{"name":"a","type":["null","long"]},
                 {"name":"b","type":{"type":"map","values":"bytes"}}]}""", "the test");
        assertThat(Fingerprints.allOf(plain)).containsExactly(Fingerprints.of(plain));
    }

    @Test
    void areInTheDocs() throws Exception {
        List<String> rows = Files.readAllLines(Path.of("docs/wire-format.md"));
        for (Schema schema : List.of(Schemas.TRADE, Schemas.INSTRUMENT, Schemas.USER, Schemas.ENRICHED_TRADE)) {
            assertThat(rows)
                    .contains(String.format(
                            "| `%s` | `%016X` | `%016X` |",
                            schema.getName(), Fingerprints.of(schema), Fingerprints.ofPython(schema)));
        }
    }
}
