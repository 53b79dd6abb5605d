package io.tradeenrichment.savepoint;

import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.config.KeyBy;
import io.tradeenrichment.model.Account;
import io.tradeenrichment.settings.Failures;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.jspecify.annotations.Nullable;

/** Holds a savepoint against the job that would be started from it, by Flink's rules and by the job's own. */
public final class SavepointCompatibility {
    private final JobOperators job;
    private final JobUids uids;
    private final JobConfig.Join config;
    private final int generation;
    private final Set<String> topics;
    private final boolean allowNonRestored;
    private final Savepoint savepoint;
    private final Findings findings = new Findings();
    private @Nullable SavepointContents contents;

    private SavepointCompatibility(PlannedJob candidate, JobUids uids, boolean allowNonRestored, Savepoint savepoint) {
        this.job = JobOperators.of(candidate.graph());
        this.uids = uids;
        this.config = candidate.config().join();
        this.generation = candidate.generation();
        this.topics = candidate.topics();
        this.allowNonRestored = allowNonRestored;
        this.savepoint = savepoint;
    }

    /** What was found, and what the savepoint holds, as far as this build can read it. */
    public record Verdict(Findings findings, @Nullable SavepointContents contents) {}

    /** @throws Exception if the savepoint cannot be read, though its metadata could */
    public static Verdict of(PlannedJob candidate, JobUids uids, boolean allowNonRestored, Savepoint savepoint)
            throws Exception {
        SavepointCompatibility preflight = new SavepointCompatibility(candidate, uids, allowNonRestored, savepoint);
        preflight.run();
        return new Verdict(preflight.findings, preflight.contents);
    }

    private void run() throws Exception {
        boolean readable = checkLayouts();
        if (readable) {
            contents = SavepointReader.read(savepoint, uids);
            checkKeyBy(contents);
            checkBooks(contents);
            checkTopics(contents);
        }
        boolean loads = contents != null && contents.generation().orElse(-1) < generation;
        new OperatorsCheck(job, uids, loads, allowNonRestored, findings).run(savepoint);
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
                        "how its state is written is not known to this build: " + Failures.rootCause(e)
                                + "; start the build that has saved it, or a newer one.");
            }
        }
        return findings.problems().size() == before;
    }

    private void checkKeyBy(SavepointContents contents) {
        KeyBy saved = contents.keyBy().orElse(config.keyBy());
        if (saved != config.keyBy()) {
            findings.problem(JobOptions.TRADES_KEY_BY.key() + " is " + config.keyBy()
                    + ", but the savepoint's trades stand"
                    + " under " + saved + ": nobody would look there for the " + contents.seenIds() + " trade ids and "
                    + contents.parkedTrades() + " parked trades; set it to " + saved + ", or begin with fresh state.");
        }
    }

    private void checkTopics(SavepointContents contents) {
        for (String topic : contents.positions().keySet()) {
            if (!topics.contains(topic)) {
                findings.warning("The savepoint's feeds had been reading the topic " + topic + ", which is none of "
                        + new TreeSet<>(topics) + ": the restored feed would go on reading it beside the new one; start"
                        + " with the topics that the savepoint was made with.");
            }
        }
    }

    private void checkBooks(SavepointContents contents) {
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
