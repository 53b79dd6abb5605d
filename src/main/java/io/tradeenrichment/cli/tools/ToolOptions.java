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
 * The keys of a command: its own, those of Kafka and the registry, some of the job's. The job's others and those of the other
 * commands here are accepted and not used, so that one settings file serves all.
 */
final class ToolOptions {
    private ToolOptions() {}

    /** @param used what the job's keys that the command reads begin with */
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
