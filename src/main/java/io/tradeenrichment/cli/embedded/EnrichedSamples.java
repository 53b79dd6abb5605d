package io.tradeenrichment.cli.embedded;

import io.tradeenrichment.codec.EnrichedTradeText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;

/** A few enriched trades, read back from the Avro files. */
final class EnrichedSamples {
    private EnrichedSamples() {}

    /** At most {@code count} trades in readable form. */
    static List<String> from(Path folder, int count) throws IOException {
        List<String> samples = new ArrayList<>();
        for (Path file : files(folder)) {
            try (var trades = new DataFileReader<GenericRecord>(file.toFile(), new GenericDatumReader<>())) {
                EnrichedTradeText text = new EnrichedTradeText(trades.getSchema());
                while (samples.size() < count && trades.hasNext()) {
                    samples.add(text.of(trades.next()));
                }
            }
        }
        return samples;
    }

    private static List<Path> files(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Collections.emptyList();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".avro")
                            && !file.getFileName().toString().startsWith("."))
                    .sorted()
                    .toList();
        }
    }
}
