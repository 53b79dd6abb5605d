package io.tradeenrichment.kafka.sink;

import io.tradeenrichment.kafka.client.KafkaOptions;
import io.tradeenrichment.settings.SettingsException;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The names of the transactions that are open on the cluster at one moment, told apart by whose they are: a name that this
 * job would give is its own, from a run that broke off or from a copy that is running.
 */
public final class OpenTransactions {
    public static final String ENRICHED_TRADES = "enriched-trades";
    public static final String DEAD_LETTERS = "dead-letters";

    /** What Flink's sinks put behind their prefix: subtask and number. */
    private static final String NUMBERS = "-\\d+-\\d+";

    private final String prefix;
    private final SortedSet<String> own = new TreeSet<>();
    private final SortedSet<String> others = new TreeSet<>();

    public OpenTransactions(String prefix, Collection<String> transactionalIds) {
        this.prefix = prefix;
        Pattern ours =
                Pattern.compile(Pattern.quote(prefix) + "(" + ENRICHED_TRADES + "|" + DEAD_LETTERS + ")" + NUMBERS);
        for (String id : transactionalIds) {
            (ours.matcher(id).matches() ? own : others).add(id);
        }
    }

    /** @throws SettingsException if another application's names begin with the prefix */
    public void refuseOthers() {
        for (String id : others) {
            if (id.startsWith(prefix)) {
                throw refused("but another application has the transactional id " + id
                        + ", which begins with it; give a prefix that nobody else's begins with");
            }
        }
    }

    /** @throws SettingsException if own ones have been begun since: nobody but a running job does that */
    public void refuseWhatIsNewSince(OpenTransactions earlier) {
        for (String id : own) {
            if (!earlier.own.contains(id)) {
                throw refused("but a copy of this job is running, which has just begun the transaction " + id
                        + "; stop it first, or give one of the two a prefix of its own");
            }
        }
    }

    private SettingsException refused(String why) {
        String key = KafkaOptions.TRANSACTIONAL_ID_PREFIX.key();
        return new SettingsException(key, key + " is " + prefix + ", " + why);
    }

    /** One of this job's, if there are any. */
    public Optional<String> own() {
        return own.stream().findFirst();
    }

    /** One of another Flink job's whose prefix this job's begins with, if there are any. */
    public Optional<String> shorter() {
        return others.stream()
                .filter(id -> id.matches(".+" + NUMBERS))
                .filter(id -> prefix.startsWith(id.replaceFirst(NUMBERS + "$", "")))
                .findFirst();
    }
}
