package io.tradeenrichment.codec;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/** The table of units in docs/wire-format.md. */
final class UnitsInTheDocs {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HEAD = "| the job's field | in the writer's schema | result | example |";

    private UnitsInTheDocs() {}

    /**
     * A row.
     *
     * @param field a field of the job's
     * @param written what the writer's field has besides its name, as JSON
     * @param outcome how the value is converted, or "rejected"
     * @param example a value as written and as read, with an arrow between
     */
    record Row(String field, String written, String outcome, String example) {
        Schema job() {
            return Stream.of(Schemas.TRADE, Schemas.INSTRUMENT, Schemas.USER)
                    .filter(schema -> schema.getField(field) != null)
                    .findFirst()
                    .orElseThrow();
        }

        /** The job's schema, but for this field. */
        Schema writers() {
            return UnitsInTheDocs.writers(job(), field, written);
        }
    }

    static List<Row> rows() {
        try (Stream<String> lines = Files.lines(Path.of("docs/wire-format.md"))) {
            return lines.dropWhile(line -> !line.equals(HEAD))
                    .skip(2)
                    .takeWhile(line -> line.startsWith("|"))
                    .map(line -> line.split(" *\\| *", -1))
                    .map(cells -> new Row(unquoted(cells[1]), unquoted(cells[2]), cells[3], cells[4]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Schema writers(Schema job, String field, String written) {
        try {
            ObjectNode schema = (ObjectNode) JSON.readTree(job.toString());
            for (JsonNode node : schema.withArray("fields")) {
                if (node.get("name").textValue().equals(field)) {
                    ((ObjectNode) node).remove(List.of("type", "default"));
                    ((ObjectNode) node).setAll((ObjectNode) JSON.readTree("{" + written + "}"));
                }
            }
            return KnownSchemas.parse(schema.toString(), written);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String unquoted(String cell) {
        return cell.replace("`", "");
    }
}
