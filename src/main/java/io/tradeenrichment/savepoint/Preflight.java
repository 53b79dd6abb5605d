package io.tradeenrichment.savepoint;

import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.config.KeyBy;
import io.tradeenrichment.model.Account;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.jspecify.annotations.Nullable;

/** Holds a savepoint against the job that would be started from it, by Flink's rules and by the job's own. */
final class Preflight {
    private static final String FLAG = "--allowNonRestoredState";

    private final JobShape job;
    private final JobUids uids;
    private final JobConfig.Join config;
    private final int generation;
    private final Set<String> topics;
    private final boolean allowNonRestored;
    private final Savepoint savepoint;
    private final Findings findings = new Findings();
    private @Nullable Contents contents;

    private Preflight(Candidate candidate, JobUids uids, boolean allowNonRestored, Savepoint savepoint) {
        this.job = JobShape.of(candidate.graph());
        this.uids = uids;
        this.config = candidate.config().join();
        this.generation = candidate.generation();
        this.topics = candidate.topics();
        this.allowNonRestored = allowNonRestored;
        this.savepoint = savepoint;
    }

    /** What was found, and what the savepoint holds, as far as this build can read it. */
    record Verdict(Findings findings, @Nullable Contents contents) {}

    /** @throws Exception if the savepoint cannot be read, though its metadata could */
    static Verdict of(Candidate candidate, JobUids uids, boolean allowNonRestored, Savepoint savepoint)
            throws Exception {
        Preflight preflight = new Preflight(candidate, uids, allowNonRestored, savepoint);
        preflight.run();
        return new Verdict(preflight.findings, preflight.contents);
    }

    private void run() throws Exception {
        boolean readable = checkLayouts();
        if (readable) {
            contents = ContentsReader.read(savepoint, uids);
            checkKeyBy(contents);
            checkBooks(contents);
            checkTopics(contents);
        }
        boolean loads = contents != null && contents.generation().orElse(-1) < generation;
        for (OperatorState state : savepoint.operators()) {
            var part = job.part(state.getOperatorID());
            if (part.isPresent()) {
                checkParallelism(part.get(), state);
            } else if (Savepoint.hasState(state)) {
                leftBehind(state, loads);
            }
        }
        job.parts().forEach(part -> checkState(part, loads));
        if (loads) {
            findings.warning("All instruments and users are loaded anew before the first trade: this build has the"
                    + " generation " + generation + ", the savepoint's rows are of "
                    + (contents != null && contents.generation().isPresent()
                            ? contents.generation().getAsLong()
                            : "none")
                    + ".");
        }
    }

    /** False if there is no sense in reading on. */
    private boolean checkLayouts() throws Exception {
        int before = findings.problems().size();
        for (OperatorState state : savepoint.operators()) {
            String uid = Savepoint.uidOf(state);
            if (job.part(state.getOperatorID()).isEmpty()) {
                continue;
            }
            try {
                StateLayout saved = StateLayout.of(state);
                if (uid.equals(uids.join())) {
                    new LayoutCheck(Savepoint.nameOf(state), saved, DeclaredState.ofJoin(config), findings).run();
                } else if (uid.equals(uids.tradesDecoder())) {
                    new LayoutCheck(Savepoint.nameOf(state), saved, DeclaredState.ofTradesDecoder(), findings).run();
                }
            } catch (IOException e) {
                findings.problem(
                        Savepoint.nameOf(state),
                        "how its state is written is not known to this build: " + Causes.root(e)
                                + "; start the build that has saved it, or a newer one.");
            }
        }
        return findings.problems().size() == before;
    }

    private void checkParallelism(JobShape.Part part, OperatorState state) {
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

    private void leftBehind(OperatorState state, boolean loads) {
        String name = Savepoint.nameOf(state);
        boolean former = loads && uids.rowFeeds().stream().anyMatch(Savepoint.uidOf(state)::startsWith);
        if (!former) {
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
                            + " preflight so with " + PreflightOptions.ALLOW_NON_RESTORED_STATE.key() + ".");
        } else {
            findings.warning(name, "its state is left behind, as it may be: the rows are loaded anew.");
        }
    }

    private void checkState(JobShape.Part part, boolean loads) {
        boolean known = savepoint.operators().stream()
                .anyMatch(state -> state.getOperatorID().equals(part.id())
                        && (!uids.needed().contains(part.uid()) || Savepoint.hasState(state)));
        if (known) {
            return;
        }
        boolean needed = uids.needed().contains(part.uid())
                && !(loads && uids.rowFeeds().stream().anyMatch(part.uid()::startsWith));
        if (needed) {
            findings.problem(
                    part.name(),
                    "the savepoint has no state of it, so it would begin as if the job were"
                            + " started for the first time; start from a savepoint of this job, or without one.");
        } else {
            findings.warning(part.name(), "it is new to the savepoint and begins empty.");
        }
    }

    private void checkKeyBy(Contents contents) {
        KeyBy saved = contents.keyBy().orElse(config.keyBy());
        if (saved != config.keyBy()) {
            findings.problem(JobOptions.TRADES_KEY_BY.key() + " is " + config.keyBy()
                    + ", but the savepoint's trades stand"
                    + " under " + saved + ": nobody would look there for the " + contents.seenIds() + " trade ids and "
                    + contents.parkedTrades() + " parked trades; set it to " + saved + ", or begin with fresh state.");
        }
    }

    private void checkTopics(Contents contents) {
        for (String topic : contents.positions().keySet()) {
            if (!topics.contains(topic)) {
                findings.warning("The savepoint's feeds had been reading the topic " + topic + ", which is none of "
                        + new TreeSet<>(topics) + ": the restored feed would go on reading it beside the new one; start"
                        + " with the topics that the savepoint was made with.");
            }
        }
    }

    private void checkBooks(Contents contents) {
        if (contents.unaccounted() != 0) {
            findings.warning("The totals do not add up: " + contents.unaccounted() + " of "
                    + contents.total(Account.TRADES_IN) + " trades stand in no account. In an unaligned checkpoint they"
                    + " may be on their way; in a savepoint they may not.");
        }
        if (contents.total(Account.PARKED) != contents.parkedTrades()) {
            findings.warning("The totals count " + contents.total(Account.PARKED)
                    + " parked trades, but the queues hold " + contents.parkedTrades() + ".");
        }
    }
}
