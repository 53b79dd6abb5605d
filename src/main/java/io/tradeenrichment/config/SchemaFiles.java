package io.tradeenrichment.config;

import io.tradeenrichment.codec.KnownSchemas;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.settings.SettingsException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.AvroRuntimeException;

/** Avro schemas that a user names by file or folder, read where the job is started and shipped as JSON. */
final class SchemaFiles {
    private static final String EXTENSION = ".avsc";

    private final String key;
    private final Set<String> json = new LinkedHashSet<>();

    private SchemaFiles(String key) {
        this.key = key;
    }

    /** @throws SettingsException naming the key and the file that is missing, unreadable or no schema */
    static List<String> read(String key, List<String> paths) {
        var files = new SchemaFiles(key);
        paths.forEach(files::addFileOrFolder);
        try {
            KnownSchemas.check(files.json);
        } catch (IllegalArgumentException e) {
            throw files.refused(String.valueOf(e.getMessage()));
        }
        return List.copyOf(files.json);
    }

    private void addFileOrFolder(String name) {
        Path path;
        try {
            path = Path.of(name);
        } catch (InvalidPathException e) {
            throw refused("'" + name + "' is not a file's name");
        }
        if (Files.isDirectory(path)) {
            schemasIn(path).forEach(this::addFile);
        } else if (Files.exists(path)) {
            addFile(path);
        } else {
            throw refused("there is no file or folder " + path);
        }
    }

    private List<Path> schemasIn(Path folder) {
        List<Path> files;
        try (Stream<Path> all = Files.list(folder)) {
            files = all.filter(file -> file.toString().endsWith(EXTENSION))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw refused("the folder " + folder + " cannot be read");
        }
        if (files.isEmpty()) {
            throw refused("the folder " + folder + " holds no " + EXTENSION + " file");
        }
        return files;
    }

    private void addFile(Path file) {
        try {
            json.add(Schemas.parse(Files.readString(file), file.toString()).toString());
        } catch (CharacterCodingException e) {
            throw refused(file + " is not an Avro schema: it is not even text");
        } catch (IOException e) {
            throw refused("the file " + file + " cannot be read");
        } catch (AvroRuntimeException e) {
            throw refused(file + " is not an Avro schema: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw refused(String.valueOf(e.getMessage()));
        }
    }

    private SettingsException refused(String what) {
        return new SettingsException(key, key + ": " + what);
    }
}
