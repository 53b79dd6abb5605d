package io.tradeenrichment.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.NewTopic;

/** A line of {@code deploy/topics}: name, number of partitions, settings. */
record Topic(String name, int partitions, Map<String, String> settings) {

    static List<Topic> read(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> of(line.split("\\s+")))
                .toList();
    }

    private static Topic of(String... words) {
        Map<String, String> settings = new TreeMap<>();
        for (int i = 2; i < words.length; i++) {
            String[] setting = words[i].split("=", 2);
            settings.put(setting[0], setting[1]);
        }
        return new Topic(words[0], Integer.parseInt(words[1]), settings);
    }

    NewTopic onOneBroker() {
        return new NewTopic(name, partitions, (short) 1).configs(settings);
    }

    @Override
    public String toString() {
        return name + ", partitions " + partitions + (settings.isEmpty() ? "" : ", " + settings);
    }
}
