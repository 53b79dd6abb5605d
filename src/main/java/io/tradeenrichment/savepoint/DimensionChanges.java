package io.tradeenrichment.savepoint;

import io.tradeenrichment.model.Dimension;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The dimensions that the job has and the savepoint lacks, and the other way round.
 *
 * @param added their rows are loaded before the first trade
 * @param removed their rows are dropped
 */
record DimensionChanges(Set<Dimension> added, Set<Dimension> removed) {
    static final DimensionChanges NONE = new DimensionChanges(Set.of(), Set.of());

    static DimensionChanges between(Collection<Dimension> saved, Collection<Dimension> planned) {
        if (saved.isEmpty()) {
            return NONE;
        }
        Set<Dimension> added = new LinkedHashSet<>(planned);
        added.removeAll(saved);
        Set<Dimension> removed = new LinkedHashSet<>(saved);
        removed.removeAll(planned);
        return new DimensionChanges(added, removed);
    }

    /** The added dimension to which an operator belongs. */
    Optional<Dimension> addedBy(String uid) {
        return ofOperator(added, uid);
    }

    /** The removed dimension to which an operator belonged. */
    Optional<Dimension> removedBy(String uid) {
        return ofOperator(removed, uid);
    }

    /** The uids of a dimension are {@code decode-users} and {@code users-1}. */
    private static Optional<Dimension> ofOperator(Set<Dimension> some, String uid) {
        return some.stream()
                .filter(dimension -> {
                    String feed = dimension.feed().title();
                    return uid.equals("decode-" + feed) || uid.matches(feed + "-\\d+");
                })
                .findFirst();
    }
}
