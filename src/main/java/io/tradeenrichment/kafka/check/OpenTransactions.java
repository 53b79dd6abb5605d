package io.tradeenrichment.kafka.check;

import io.tradeenrichment.kafka.client.KafkaOptions;
import io.tradeenrichment.kafka.sink.KafkaSinks;
import io.tradeenrichment.settings.SettingsException;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The transactional ids that are open at one moment: this job's own, from a failed run or a second copy, and others.
 */
final class OpenTransactions {
    /** Flink's sinks append the subtask and a number to their prefix. */
    private static final String SUFFIX = "-\\d+-\\d+";

    private final String prefix;
    private final SortedSet<String> own = new TreeSet<>();
    private final SortedSet<String> others = new TreeSet<>();

    OpenTransactions(String prefix, Collection<String> transactionalIds) {
        this.prefix = prefix;
        Pattern ownId = Pattern.compile(KafkaSinks.transactionalIdPrefixes(prefix).stream()
                .map(Pattern::quote)
                .collect(Collectors.joining("|", "(", ")" + SUFFIX)));
        for (String id : transactionalIds) {
            (ownId.matcher(id).matches() ? own : others).add(id);
        }
    }

    /** @throws SettingsException if another application has an id with this job's prefix */
    void requireNoneOfOthers() {
        for (String id : others) {
            if (id.startsWith(prefix)) {
                throw prefixInUse("but another application has the transactional id " + id
                        + ", which begins with it; set a prefix that no other application's ids begin with");
            }
        }
    }

    /** @throws SettingsException if one of this job's ids is new: only a running job starts transactions */
    void requireNoneStartedSince(OpenTransactions earlier) {
        for (String id : own) {
            if (!earlier.own.contains(id)) {
                throw prefixInUse("but a copy of this job is running, which has just started the transaction " + id
                        + "; stop it first, or set another prefix for one of the two");
            }
        }
    }

    private SettingsException prefixInUse(String reason) {
        String key = KafkaOptions.TRANSACTIONAL_ID_PREFIX.key();
        return new SettingsException(key, key + " is " + prefix + ", " + reason);
    }

    /** One of this job's ids. */
    Optional<String> own() {
        return own.stream().findFirst();
    }

    /** An id of another Flink job, if this job's prefix begins with the prefix of that job. */
    Optional<String> withShorterPrefix() {
        return others.stream()
                .filter(id -> id.matches(".+" + SUFFIX))
                .filter(id -> prefix.startsWith(id.replaceFirst(SUFFIX + "$", "")))
                .findFirst();
    }
}
