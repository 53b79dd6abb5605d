package io.tradeenrichment.tools;

import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.config.OptionGroup;
import io.tradeenrichment.kafka.KafkaAccess;
import io.tradeenrichment.registry.RegistryOptions;
import java.util.List;
import java.util.stream.Stream;

/** The keys of a command: its own, those of Kafka and the registry, some of the job's; the job's others pass, so that one file serves. */
final class Groups {
    private Groups() {}

    /** @param used what the job's keys that the command reads begin with */
    static List<OptionGroup> of(List<OptionGroup> own, String... used) {
        Stream<OptionGroup> job = JobOptions.groups().stream().flatMap(group -> group.usedFor(used));
        return Stream.of(own.stream(), KafkaAccess.groups().stream(), RegistryOptions.groups().stream(), job)
                .flatMap(groups -> groups)
                .toList();
    }
}
