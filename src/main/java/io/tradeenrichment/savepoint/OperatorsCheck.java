package io.tradeenrichment.savepoint;

import io.tradeenrichment.model.Dimension;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.flink.runtime.checkpoint.OperatorState;

/** Matches the operators of the planned job with those of a savepoint, by Flink's rules. */
final class OperatorsCheck {
    private static final String FLAG = "--allowNonRestoredState";

    private final JobOperators job;
    private final JobUids uids;
    private final DimensionChanges changes;
    private final boolean loads;
    private final boolean allowNonRestored;
    private final Findings findings;

    /**
     * @param changes of the dimensions
     * @param loads whether the job loads all rows again
     * @param allowNonRestored whether the job would be started with --allowNonRestoredState
     */
    OperatorsCheck(
            JobOperators job,
            JobUids uids,
            DimensionChanges changes,
            boolean loads,
            boolean allowNonRestored,
            Findings findings) {
        this.job = job;
        this.uids = uids;
        this.changes = changes;
        this.loads = loads;
        this.allowNonRestored = allowNonRestored;
        this.findings = findings;
    }

    void run(Savepoint savepoint) {
        for (OperatorState state : savepoint.operators()) {
            var operator = job.find(state.getOperatorID());
            if (operator.isPresent()) {
                checkParallelism(operator.get(), state);
            } else if (Savepoint.hasState(state)) {
                addUnmatched(state);
            }
        }
        job.operators().forEach(operator -> checkState(operator, savepoint));
    }

    private void checkParallelism(JobOperators.JobOperator operator, OperatorState state) {
        int saved = state.getMaxParallelism();
        OptionalInt configured = operator.maxParallelism();
        if (configured.isPresent() && configured.getAsInt() != saved) {
            findings.problem(
                    operator.name(),
                    "the job would start it with the max parallelism " + configured.getAsInt()
                            + ", but its state was saved with " + saved
                            + ", which cannot be changed; set pipeline.max-parallelism to " + saved
                            + ", or do not set it.");
        } else if (operator.parallelism() > saved) {
            findings.problem(
                    operator.name(),
                    "the parallelism " + operator.parallelism() + " is above the max parallelism " + saved
                            + " that its state was saved with; start the job with " + saved + " at most.");
        }
    }

    private void addUnmatched(OperatorState state) {
        String name = Savepoint.nameOf(state);
        Optional<Dimension> removed = changes.removedBy(Savepoint.uidOf(state));
        if (removed.isPresent()) {
            addRemoved(name, removed.get());
        } else if (!isReplacedByLoad(Savepoint.uidOf(state))) {
            findings.problem(
                    name,
                    "the savepoint has its state, but this job has no operator with that uid, so Flink would not start"
                            + " the job; start a build that has the operator. (" + FLAG
                            + " is no solution: Flink would drop the state.)");
        } else if (!allowNonRestored) {
            findings.problem(
                    name,
                    "this build loads all rows again, so the offsets of this source are obsolete, but Flink would not"
                            + " start the job with unmatched state; start it with " + FLAG
                            + " this once, and set preflight.allow-non-restored-state to true.");
        } else {
            findings.warning(name, "its state will be dropped, which is safe: this build loads all rows again.");
        }
    }

    private void addRemoved(String name, Dimension removed) {
        if (allowNonRestored) {
            findings.warning(
                    name, "its state will be dropped, because dimensions.names has no " + removed + " any more.");
        } else {
            findings.problem(
                    name,
                    "dimensions.names has no " + removed + " any more, but Flink does not start a job with unmatched"
                            + " state; start it with " + FLAG
                            + " this once, and set preflight.allow-non-restored-state to true; or add "
                            + removed + " again.");
        }
    }

    private void checkState(JobOperators.JobOperator operator, Savepoint savepoint) {
        boolean hasState = savepoint.operators().stream()
                .anyMatch(state -> state.getOperatorID().equals(operator.id())
                        && (!uids.stateful().contains(operator.uid()) || Savepoint.hasState(state)));
        if (hasState) {
            return;
        }
        Optional<Dimension> added = changes.addedBy(operator.uid());
        if (added.isPresent()) {
            findings.warning(
                    operator.name(),
                    "the savepoint does not have the dimension " + added.get()
                            + "; the job loads its rows before the next trade.");
        } else if (uids.stateful().contains(operator.uid()) && !isReplacedByLoad(operator.uid())) {
            findings.problem(
                    operator.name(),
                    "the savepoint has no state of it, so it would start as if the job were"
                            + " started for the first time; start from a savepoint of this job, or without one.");
        } else {
            findings.warning(operator.name(), "the savepoint has no state of it; it starts empty.");
        }
    }

    /** A load starts new dimension sources, whose uids contain its generation. */
    private boolean isReplacedByLoad(String uid) {
        return loads && uids.dimensionSources().stream().anyMatch(uid::startsWith);
    }
}
