package io.tradeenrichment.codec.unit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tradeenrichment.codec.schema.Schemas;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/** The table of units in docs/wire-format.md. */
public final class DocumentedUnits {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HEADER = "| the job's field | in the writer's schema |";

    private DocumentedUnits() {}

    /**
     * A row.
     *
     * @param field of the job's schema
     * @param written the writer's field without its name, as JSON
     * @param conversion of the value
     * @param example a value as written and as read, separated by an arrow; empty if the schema is rejected
     */
    public record Row(String field, String written, String conversion, String example) {
        public Schema job() {
            return Stream.of(Schemas.TRADE, Schemas.INSTRUMENT, Schemas.USER)
                    .filter(schema -> schema.getField(field) != null)
                    .findFirst()
                    .orElseThrow();
        }

        public boolean isRejected() {
            return example.isEmpty();
        }

        /** The job's schema with the writer's field. */
        public Schema writers() {
            return DocumentedUnits.writers(job(), field, written);
        }
    }

    public static List<Row> rows() {
        try (Stream<String> lines = Files.lines(Path.of("docs/wire-format.md"))) {
            return lines.dropWhile(line -> !line.startsWith(HEADER))
                    .skip(2)
                    .takeWhile(line -> line.startsWith("|"))
                    .map(line -> line.split(" *\\| *", -1))
                    .map(cells -> new Row(unquoted(cells[1]), unquoted(cells[2]), cells[3], cells[4]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Schema writers(Schema job, String field, String written) {
        try {
            ObjectNode schema = (ObjectNode) JSON.readTree(job.toString());
            for (JsonNode node : schema.withArray("fields")) {
                if (node.get("name").textValue().equals(field)) {
                    ((ObjectNode) node).remove(List.of("type", "default"));
                    ((ObjectNode) node).setAll((ObjectNode) JSON.readTree("{" + written + "}"));
                }
            }
            return Schemas.parse(schema.toString(), written);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String unquoted(String cell) {
        return cell.replace("`", "");
    }
}
