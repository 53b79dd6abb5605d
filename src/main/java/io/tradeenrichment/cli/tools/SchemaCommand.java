package io.tradeenrichment.cli.tools;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.schema.Fingerprints;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.kafka.client.KafkaConfig;
import io.tradeenrichment.kafka.client.KafkaOptions;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.registry.GivenSchemas;
import io.tradeenrichment.registry.RegistryConfig;
import io.tradeenrichment.registry.RegistryOptions;
import io.tradeenrichment.registry.RegistrySetup;
import io.tradeenrichment.settings.Command;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.OptionGroup;
import io.tradeenrichment.settings.Settings;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** The command {@code schema}: prints the schemas that the job reads and writes with these settings. */
public final class SchemaCommand {
    private static final ObjectMapper JSON = new ObjectMapper();

    private SchemaCommand() {}

    public static Command command(PrintStream out) {
        return new Command(
                new CommandDescription(
                        "deploy/schema",
                        "Prints the schemas of the trades, of the rows and of the enriched trades, which the job derives"
                                + " from the others: a JSON object for each, with the fingerprint (CRC-64-AVRO) and, if"
                                + " there is a registry, the subject.",
                        groups(),
                        List.of(
                                "--wire.trade.schema fill.avsc --wire.trade.fields.trade-id exec_id",
                                "--config my-job.yaml")),
                settings -> print(settings, out));
    }

    private static List<OptionGroup> groups() {
        Stream<OptionGroup> job = JobOptions.groups().stream()
                .map(group -> group.showing(
                        "wire.trade.",
                        "dimensions.names",
                        "dimensions.NAME.field",
                        "dimensions.NAME.schema",
                        "dimensions.NAME.id",
                        "dimensions.NAME.valid-from",
                        "dimensions.NAME.columns"));
        Stream<OptionGroup> kafka = KafkaOptions.groups().stream().map(group -> group.showing("kafka.topics."));
        Stream<OptionGroup> others = Stream.of(GenerateOptions.groups(), TailOptions.groups())
                .flatMap(List::stream)
                .map(OptionGroup::hidden);
        return Stream.of(job, kafka, RegistryOptions.groups().stream(), others)
                .flatMap(groups -> groups)
                .toList();
    }

    private static void print(Settings settings, PrintStream out) throws IOException, InterruptedException {
        KafkaConfig.Topics topics = settings.bind(KafkaConfig.Topics::from);
        Optional<RegistryConfig> registry = settings.bind(RegistryConfig::from);
        JobConfig job = settings.bind(JobConfig::from);
        JobSchemas schemas = settings.withOrigin(() -> GivenSchemas.read(job, registry, topics::of));
        for (Feed feed : schemas.feeds()) {
            String subject = registry.map(config -> RegistrySetup.subject(config, feed, topics.of(feed)))
                    .orElse(null);
            print(feed.title(), subject, schemas.of(feed), out);
        }
        String subject = registry.map(config -> RegistrySetup.enrichedSubject(config, topics.enrichedTrades()))
                .orElse(null);
        print("enriched-trades", subject, schemas.enriched(), out);
        out.flush();
    }

    private static void print(String records, @Nullable String subject, Schema schema, PrintStream out)
            throws IOException {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("records", records);
        line.put("fingerprint", String.format("0x%016X", Fingerprints.of(schema)));
        if (subject != null) {
            line.put("subject", subject);
        }
        line.put("schema", JSON.readTree(schema.toString()));
        out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(line));
    }
}
