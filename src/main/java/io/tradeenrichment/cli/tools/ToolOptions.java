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
 * The keys of a command: its own, those of Kafka and the registry, and some of the job. All other keys of the job and of the
 * other tool are accepted and ignored, so that one settings file serves all.
 */
final class ToolOptions {
    private ToolOptions() {}

    /** @param used prefixes of the job's keys that the command reads */
    static List<OptionGroup> of(List<OptionGroup> own, String... used) {
        Stream<OptionGroup> job = JobOptions.groups().stream().flatMap(group -> group.usedFor(used));
        Set<String> headings = own.stream().map(OptionGroup::heading).collect(Collectors.toSet());
        Stream<OptionGroup> others = Stream.of(GenerateOptions.groups(), TailOptions.groups())
                .flatMap(List::stream)
                .filter(group -> !headings.contains(group.heading()))
                .map(OptionGroup::unused);
        return Stream.of(
                        own.stream(), KafkaConnection.groups().stream(), RegistryOptions.groups().stream(), job, others)
                .flatMap(groups -> groups)
                .toList();
    }
}
