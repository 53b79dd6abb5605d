package io.tradeenrichment.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.settings.SettingsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaFilesTest {
    @TempDir
    Path folder;

    @Test
    void readsTheSchemasOfAFolderInTheOrderOfTheirFileNames() throws Exception {
        Files.writeString(folder.resolve("b.avsc"), Schemas.USER.toString());
        Files.writeString(folder.resolve("a.avsc"), Schemas.TRADE.toString(true));
        Files.writeString(folder.resolve("README.md"), "not a schema");

        assertThat(SchemaFiles.read(List.of(folder.toString()), JobSchemas.bundled()))
                .extracting(json -> Schemas.parse(json, "the record").getName())
                .containsExactly("Trade", "User");
    }

    @Test
    void readsAFileOnce() throws Exception {
        Path file = Files.writeString(folder.resolve("user.avsc"), Schemas.USER.toString());

        assertThat(SchemaFiles.read(List.of(file.toString(), folder.toString()), JobSchemas.bundled()))
                .containsExactly(Schemas.USER.toString());
    }

    @Test
    void rejectsAMissingFile() {
        assertRejected("nowhere", "there is no file or folder nowhere");
    }

    @Test
    void rejectsAFolderWithoutSchemas() {
        assertRejected(folder.toString(), "the folder " + folder + " holds no .avsc file");
    }

    @Test
    void rejectsAFileThatIsNotText() throws Exception {
        Path file = Files.write(folder.resolve("bytes.avsc"), new byte[] {(byte) 0xC3, 0x01});

        assertRejected(file.toString(), file + " is not an Avro schema: it is not text");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
                    {                                                                     > incomplete JSON
                    {"type":"record","name":"T"}                                          > a record without fields
                    {"type":"record","name":"T","fields":[{"name":"a","type":"Unknown"}]} > an undefined type
                    {"type":"enum","name":"E","symbols":["A","A"]}                        > a repeated symbol
                    """)
    void rejectsAFileThatIsNotASchemaInOneSentence(String json, String fault) throws Exception {
        Path file = Files.writeString(folder.resolve("broken.avsc"), json);

        assertThatExceptionOfType(SettingsException.class)
                .as(fault)
                .isThrownBy(() -> SchemaFiles.read(List.of(file.toString()), JobSchemas.bundled()))
                .withMessageStartingWith("wire.writer-schemas: " + file + " is not an Avro schema: ")
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
    }

    private static void assertRejected(String path, String sentence) {
        assertThatExceptionOfType(SettingsException.class)
                .isThrownBy(() -> SchemaFiles.read(List.of(path), JobSchemas.bundled()))
                .withMessage("wire.writer-schemas: " + sentence);
    }
}
