package io.tradeenrichment.registry;

import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import org.apache.avro.Schema;

/**
 * Flink's decoder with Confluent's registry client, as an independent reader of the output. Both come with their own copy
 * of Avro and are loaded by a class loader of their own, so that they cannot affect the code under test.
 */
final class ConfluentReader implements AutoCloseable {
    private static final String SHADED = "org.apache.flink.avro.shaded.org.apache.avro.Schema";
    private static final String DECODER =
            "org.apache.flink.formats.avro.registry.confluent.ConfluentRegistryAvroDeserializationSchema";

    private final URLClassLoader classes;
    private final Object decoder;

    ConfluentReader(Schema schema, String url) throws Exception {
        File jar = Path.of(System.getProperty("registry.lib", "target/registry/lib"), "..", "oracle", "confluent.jar")
                .toFile();
        classes = new URLClassLoader(new URL[] {jar.toURI().toURL()}, ConfluentReader.class.getClassLoader());
        Class<?> shaded = classes.loadClass(SHADED);
        Class<?> parser = classes.loadClass(SHADED + "$Parser");
        Object parsed = parser.getMethod("parse", String.class)
                .invoke(parser.getConstructor().newInstance(), schema.toString());
        decoder = classes.loadClass(DECODER)
                .getMethod("forGeneric", shaded, String.class)
                .invoke(null, parsed, url);
    }

    /** The record in the JSON that Avro prints. */
    String read(byte[] value) throws Exception {
        return decoder.getClass()
                .getMethod("deserialize", byte[].class)
                .invoke(decoder, (Object) value)
                .toString();
    }

    @Override
    public void close() throws IOException {
        classes.close();
    }
}
