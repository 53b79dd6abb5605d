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

/** Checks whether the planned job can be restored from a savepoint, by Flink's rules and by the job's own. */
public final class SavepointCompatibility {
    private final JobOperators operators;
    private final JobConfig job;
    private final JobUids uids;
    private final JobConfig.Join config;
    private final String outputSchema;
    private final boolean textIds;
    private final int generation;
    private final Set<String> topics;
    private final boolean allowNonRestored;
    private final Savepoint savepoint;
    private final Findings findings = new Findings();
    private @Nullable SavepointContents contents;

    private SavepointCompatibility(PlannedJob planned, JobUids uids, boolean allowNonRestored, Savepoint savepoint) {
        this.operators = JobOperators.of(planned.graph());
        this.job = planned.config();
        this.uids = uids;
        this.config = planned.config().join();
        this.outputSchema = planned.outputSchema();
        this.textIds = planned.textIds();
        this.generation = planned.generation();
        this.topics = planned.topics();
        this.allowNonRestored = allowNonRestored;
        this.savepoint = savepoint;
    }

    /** @param contents null if this build cannot read the savepoint's state */
    public record Result(Findings findings, @Nullable SavepointContents contents) {}

    /** @throws Exception if the savepoint's files cannot be read */
    public static Result check(PlannedJob planned, JobUids uids, boolean allowNonRestored, Savepoint savepoint)
            throws Exception {
        var compatibility = new SavepointCompatibility(planned, uids, allowNonRestored, savepoint);
        compatibility.run();
        return new Result(compatibility.findings, compatibility.contents);
    }

    private void run() throws Exception {
        boolean readable = checkLayouts();
        if (readable) {
            contents = SavepointReader.read(savepoint, uids);
            checkKeyBy(contents);
            checkTotals(contents);
            checkTopics(contents);
            checkOutput(contents);
        }
        boolean loads = contents != null && contents.generation().orElse(-1) < generation;
        new OperatorsCheck(operators, uids, changes(), loads, allowNonRestored, findings).run(savepoint);
        if (loads) {
            findings.warning(
                    "The job loads the rows of all dimensions again before the first trade: this build has the load"
                            + " generation " + generation + ", the savepoint has "
                            + (contents != null && contents.generation().isPresent()
                                    ? contents.generation().getAsLong()
                                    : "none")
                            + ".");
        }
    }

    /** Compares the dimensions of the settings with those of the savepoint. */
    private DimensionChanges changes() {
        return contents == null
                ? DimensionChanges.NONE
                : DimensionChanges.between(contents.rows().keySet(), job.dimensionList());
    }

    /** Returns false if the contents cannot be read. */
    private boolean checkLayouts() throws Exception {
        int before = findings.problems().size();
        for (OperatorState state : savepoint.operators()) {
            String uid = Savepoint.uidOf(state);
            if (operators.find(state.getOperatorID()).isEmpty()) {
                continue;
            }
            try {
                StateLayout saved = StateLayout.of(state);
                if (uid.equals(uids.join())) {
                    new LayoutCheck(Savepoint.nameOf(state), saved, DeclaredState.ofJoin(job, textIds), findings).run();
                } else if (uid.equals(uids.tradesDecoder())) {
                    new LayoutCheck(Savepoint.nameOf(state), saved, DeclaredState.ofTradesDecoder(), findings).run();
                }
            } catch (IOException e) {
                findings.problem(
                        Savepoint.nameOf(state),
                        "this build does not know the layout of its state: " + Failures.rootCause(e)
                                + "; start the build that saved it, or a newer one.");
            }
        }
        return findings.problems().size() == before;
    }

    private void checkKeyBy(SavepointContents contents) {
        long code = contents.keyBy().orElse(config.keyBy().code());
        if (code != config.keyBy().code()) {
            String saved = KeyBy.titleOf(code);
            findings.problem(JobOptions.TRADES_KEY_BY.key() + " is " + config.keyBy()
                    + ", but the savepoint's trades are keyed by " + saved + ": the job would not find its "
                    + contents.seenIds() + " trade ids and " + contents.parkedTrades() + " parked trades; set it to "
                    + saved + ", or start without this savepoint.");
        }
    }

    private void checkTopics(SavepointContents contents) {
        for (String topic : contents.positions().keySet()) {
            if (!topics.contains(topic)) {
                findings.warning("A source of the savepoint reads the topic " + topic + ", which is not one of "
                        + new TreeSet<>(topics) + ": the restored source would read it in addition to the new topic;"
                        + " start the job with the topics of the savepoint.");
            }
        }
    }

    /** A change of the output is no problem for the job, but it may be one for the consumers. */
    private void checkOutput(SavepointContents contents) {
        contents.outputSchema()
                .ifPresent(saved -> OutputChanges.between(saved, outputSchema).forEach(findings::warning));
    }

    private void checkTotals(SavepointContents contents) {
        if (contents.unaccounted() != 0) {
            findings.warning("The totals do not add up: " + contents.unaccounted() + " of "
                    + contents.total(Account.TRADES_IN) + " trades are in no account. In an unaligned checkpoint they"
                    + " may be in flight; in a savepoint they must not be.");
        }
        if (contents.total(Account.PARKED) != contents.parkedTrades()) {
            findings.warning("The totals count " + contents.total(Account.PARKED)
                    + " parked trades, but the queues contain " + contents.parkedTrades() + ".");
        }
    }
}
