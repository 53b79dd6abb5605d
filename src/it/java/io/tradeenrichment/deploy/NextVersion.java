package io.tradeenrichment.deploy;

import io.tradeenrichment.Samples;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.model.SourceRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;

/**
 * The version after this one: producers that rename, narrow and add fields, and a jar whose schemas have the new names as
 * aliases.
 */
final class NextVersion {
    private static final int PREFIX = Framing.SINGLE_OBJECT.length();
    private static final String NARROWED = "quantity";
    private static final String ADDED = "source";

    /** A field of the job's schema, and the name by which the next producers write it. */
    private record Renamed(Schema schema, String field, String by) {}

    private static final List<Renamed> RENAMED = List.of(
            new Renamed(Schemas.TRADE, "trade_px", "price"),
            new Renamed(Schemas.INSTRUMENT, "ticker", "root"),
            new Renamed(Schemas.USER, "username", "login"));

    private final Map<Schema, Schema> written = Map.of(
            Schemas.TRADE, writers(Schemas.TRADE),
            Schemas.INSTRUMENT, writers(Schemas.INSTRUMENT),
            Schemas.USER, writers(Schemas.USER));

    /** Writes the next version's jar. */
    static void jar(Path from, Path to) throws IOException {
        Files.copy(from, to);
        try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + to.toUri()), Map.of())) {
            for (Renamed renamed : RENAMED) {
                Path file = jar.getPath("avro", renamed.schema().getName() + ".avsc");
                String name = "\"name\": \"" + renamed.field() + "\"";
                Files.writeString(
                        file, Files.readString(file).replace(name, name + ", \"aliases\": [\"" + renamed.by() + "\"]"));
            }
        }
    }

    /** Puts the producers' schemas into a folder, for {@code wire.writer-schemas}. */
    void writeSchemas(Path folder) throws IOException {
        for (Schema schema : written.values()) {
            Files.writeString(folder.resolve(schema.getName() + ".avsc"), schema.toString(true));
        }
    }

    /** The record as the next version's producers write it. A truncated record is returned as it is. */
    SourceRecord write(SourceRecord record) {
        Schema from = JobSchemas.bundled().of(record.feed());
        Schema to = written.get(from);
        GenericRecord old;
        try {
            BinaryDecoder decoder =
                    DecoderFactory.get().binaryDecoder(record.value(), PREFIX, record.value().length - PREFIX, null);
            old = new GenericDatumReader<GenericRecord>(from).read(null, decoder);
        } catch (IOException e) {
            return record;
        }
        GenericRecord next = new GenericData.Record(to);
        to.getFields().forEach(field -> next.put(field.pos(), value(from, field, old)));
        return new SourceRecord(
                record.feed(), 0, 0, record.timestamp(), record.key(), framed(to, next), record.headers());
    }

    private static byte[] framed(Schema schema, GenericRecord record) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(Samples.prefix(schema));
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        try {
            new GenericDatumWriter<GenericRecord>(schema).write(record, encoder);
            encoder.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** The next producers' schema: fields renamed, {@link #NARROWED} as an int, {@link #ADDED} added. */
    private static Schema writers(Schema jobs) {
        List<Schema.Field> fields = new ArrayList<>();
        for (Schema.Field field : jobs.getFields()) {
            Schema schema = field.name().equals(NARROWED) ? Schema.create(Schema.Type.INT) : field.schema();
            fields.add(new Schema.Field(name(jobs, field.name()), schema));
        }
        fields.add(new Schema.Field(ADDED, Schema.create(Schema.Type.STRING)));
        return Schema.createRecord(jobs.getName(), null, jobs.getNamespace(), false, fields);
    }

    private static Object value(Schema jobs, Schema.Field field, GenericRecord old) {
        if (field.name().equals(ADDED)) {
            return "desk 7";
        }
        for (Schema.Field candidate : jobs.getFields()) {
            if (name(jobs, candidate.name()).equals(field.name())) {
                Object value = old.get(candidate.pos());
                return candidate.name().equals(NARROWED) ? (Object) Math.toIntExact((Long) value) : value;
            }
        }
        throw new IllegalStateException("no schema has the field " + field.name());
    }

    /** The next producers' name of a field. */
    private static String name(Schema jobs, String field) {
        return RENAMED.stream()
                .filter(renamed ->
                        renamed.schema().equals(jobs) && renamed.field().equals(field))
                .map(Renamed::by)
                .findFirst()
                .orElse(field);
    }
}
