package io.tradeenrichment.cli.tools;

import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.kafka.client.KafkaConnection;
import io.tradeenrichment.registry.RegistryOptions;
import io.tradeenrichment.settings.OptionGroup;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The keys that a command accepts: its own, those of Kafka, the registry and the job, and those of the other commands. Keys
 * that it does not use are hidden, so that one settings file serves all commands.
 */
final class ToolOptions {
    private ToolOptions() {}

    /** @param used prefixes of the job's keys that the command uses */
    static List<OptionGroup> of(List<OptionGroup> own, String... used) {
        Stream<OptionGroup> job = JobOptions.groups().stream().map(group -> group.showing(used));
        Set<String> headings = own.stream().map(OptionGroup::heading).collect(Collectors.toSet());
        Stream<OptionGroup> others = Stream.of(GenerateOptions.groups(), TailOptions.groups())
                .flatMap(List::stream)
                .filter(group -> !headings.contains(group.heading()))
                .map(OptionGroup::hidden);
        return Stream.of(
                        own.stream(), KafkaConnection.groups().stream(), RegistryOptions.groups().stream(), job, others)
                .flatMap(groups -> groups)
                .toList();
    }
}
