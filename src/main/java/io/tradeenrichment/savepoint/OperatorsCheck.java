package io.tradeenrichment.savepoint;

import java.util.OptionalInt;
import org.apache.flink.runtime.checkpoint.OperatorState;

/** Matches the operators of a job with those of a savepoint, by the rules by which Flink restores them. */
final class OperatorsCheck {
    private static final String FLAG = "--allowNonRestoredState";

    private final JobOperators job;
    private final JobUids uids;
    private final boolean loads;
    private final boolean allowNonRestored;
    private final Findings findings;

    /**
     * @param loads whether the job loads all rows anew
     * @param allowNonRestored whether it would be started so that it may leave state behind
     */
    OperatorsCheck(JobOperators job, JobUids uids, boolean loads, boolean allowNonRestored, Findings findings) {
        this.job = job;
        this.uids = uids;
        this.loads = loads;
        this.allowNonRestored = allowNonRestored;
        this.findings = findings;
    }

    void run(Savepoint savepoint) {
        for (OperatorState state : savepoint.operators()) {
            var part = job.part(state.getOperatorID());
            if (part.isPresent()) {
                checkParallelism(part.get(), state);
            } else if (Savepoint.hasState(state)) {
                leftBehind(state);
            }
        }
        job.parts().forEach(part -> checkState(part, savepoint));
    }

    private void checkParallelism(JobOperators.Part part, OperatorState state) {
        int most = state.getMaxParallelism();
        OptionalInt asked = part.maxParallelism();
        if (asked.isPresent() && asked.getAsInt() != most) {
            findings.problem(
                    part.name(),
                    "it would get the max parallelism " + asked.getAsInt()
                            + ", but its state was saved with " + most
                            + ", which is for life; set pipeline.max-parallelism to "
                            + most + ", or leave it out.");
        } else if (part.parallelism() > most) {
            findings.problem(
                    part.name(),
                    "the parallelism " + part.parallelism() + " is above the max parallelism " + most
                            + " that its state was saved with; start the job with " + most + " at most.");
        }
    }

    private void leftBehind(OperatorState state) {
        String name = Savepoint.nameOf(state);
        if (!goesByTheLoad(Savepoint.uidOf(state))) {
            findings.problem(
                    name,
                    "the savepoint has its state, but this job has no operator of that uid, and Flink"
                            + " would refuse the start; start a build that has it. (" + FLAG
                            + " would start, and throw the state away for good: that is no way out for this job.)");
        } else if (!allowNonRestored) {
            findings.problem(
                    name,
                    "the rows are loaded anew, and where its feed was read to is needed no more, but"
                            + " Flink would refuse the start over it; start the job with " + FLAG
                            + " this once, and tell the"
                            + " preflight so with preflight.allow-non-restored-state.");
        } else {
            findings.warning(name, "its state is left behind, as it may be: the rows are loaded anew.");
        }
    }

    private void checkState(JobOperators.Part part, Savepoint savepoint) {
        boolean known = savepoint.operators().stream()
                .anyMatch(state -> state.getOperatorID().equals(part.id())
                        && (!uids.needed().contains(part.uid()) || Savepoint.hasState(state)));
        if (known) {
            return;
        }
        if (uids.needed().contains(part.uid()) && !goesByTheLoad(part.uid())) {
            findings.problem(
                    part.name(),
                    "the savepoint has no state of it, so it would begin as if the job were"
                            + " started for the first time; start from a savepoint of this job, or without one.");
        } else {
            findings.warning(part.name(), "it is new to the savepoint and begins empty.");
        }
    }

    /** A load begins with feeds of its own. */
    private boolean goesByTheLoad(String uid) {
        return loads && uids.rowFeeds().stream().anyMatch(uid::startsWith);
    }
}
