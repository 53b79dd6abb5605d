package io.tradeenrichment.registry;

import io.tradeenrichment.codec.KnownSchemas;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.settings.Failures;
import io.tradeenrichment.settings.SettingsException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.Schema;

/** Reads the schema files that the settings name: of the job, and of other writers for topics without a registry. */
public final class SchemaFiles {
    private static final String EXTENSION = ".avsc";

    private final Set<String> schemas = new LinkedHashSet<>();

    private SchemaFiles() {}

    /**
     * Returns the schemas as JSON.
     *
     * @param paths of schema files, or of folders of them
     * @param schemas that records are read with
     * @throws SettingsException with the file that is missing, unreadable or not a schema
     */
    public static List<String> read(List<String> paths, JobSchemas schemas) {
        var files = new SchemaFiles();
        paths.forEach(files::addFileOrFolder);
        try {
            KnownSchemas.check(files.schemas, schemas);
        } catch (IllegalArgumentException e) {
            throw error(Failures.message(e));
        }
        return List.copyOf(files.schemas);
    }

    /**
     * Reads the schema that a setting names.
     *
     * @param key of the setting
     * @throws SettingsException if the file is missing, unreadable or not a schema
     */
    public static Schema readOne(String name, String key) {
        try {
            return Schemas.parseStrictly(Files.readString(Path.of(name)), name);
        } catch (NoSuchFileException e) {
            throw new SettingsException(key, key + ": there is no file " + name);
        } catch (CharacterCodingException e) {
            throw new SettingsException(key, key + ": " + name + " is not an Avro schema: it is not text");
        } catch (IOException e) {
            throw new SettingsException(key, key + ": the file " + name + " cannot be read");
        } catch (IllegalArgumentException e) {
            throw new SettingsException(key, key + ": " + Failures.message(e));
        }
    }

    private void addFileOrFolder(String name) {
        Path path;
        try {
            path = Path.of(name);
        } catch (InvalidPathException e) {
            throw error("'" + name + "' is not a file name");
        }
        if (Files.isDirectory(path)) {
            schemasIn(path).forEach(this::addFile);
        } else if (Files.exists(path)) {
            addFile(path);
        } else {
            throw error("there is no file or folder " + path);
        }
    }

    private static List<Path> schemasIn(Path folder) {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(EXTENSION))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw error("the folder " + folder + " cannot be read");
        }
        if (files.isEmpty()) {
            throw error("the folder " + folder + " holds no " + EXTENSION + " file");
        }
        return files;
    }

    private void addFile(Path file) {
        try {
            schemas.add(Schemas.parse(Files.readString(file), file.toString()).toString());
        } catch (CharacterCodingException e) {
            throw error(file + " is not an Avro schema: it is not text");
        } catch (IOException e) {
            throw error("the file " + file + " cannot be read");
        } catch (IllegalArgumentException e) {
            throw error(Failures.message(e));
        }
    }

    private static SettingsException error(String sentence) {
        String key = JobOptions.WIRE_WRITER_SCHEMAS.key();
        return new SettingsException(key, key + ": " + sentence);
    }
}
