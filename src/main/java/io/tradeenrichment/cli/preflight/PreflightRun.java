package io.tradeenrichment.cli.preflight;

import io.tradeenrichment.savepoint.Failures;
import io.tradeenrichment.savepoint.JobUids;
import io.tradeenrichment.savepoint.PlannedJob;
import io.tradeenrichment.savepoint.Savepoint;
import io.tradeenrichment.savepoint.SavepointCompatibility;
import io.tradeenrichment.savepoint.SavepointContents;
import io.tradeenrichment.savepoint.SavepointReader;
import io.tradeenrichment.settings.SettingsException;
import java.io.IOException;
import java.io.PrintStream;
import org.apache.flink.configuration.ConfigOption;

/** The command {@code preflight}: checks a savepoint, or compares it with another. */
public final class PreflightRun {
    private final PreflightConfig config;
    private final JobUids uids;
    private final PrintStream out;

    public PreflightRun(PreflightConfig config, JobUids uids, PrintStream out) {
        this.config = config;
        this.uids = uids;
        this.out = out;
    }

    /**
     * Checks whether the planned job can be restored from the savepoint, and prints a report.
     *
     * @throws SettingsException if the savepoint cannot be read
     * @throws IOException if it does not fit
     */
    public void check(PlannedJob planned) throws IOException {
        Savepoint savepoint = Savepoint.open(PreflightOptions.SAVEPOINT, config.savepoint());
        SavepointCompatibility.Result result = read(
                PreflightOptions.SAVEPOINT,
                savepoint,
                () -> SavepointCompatibility.check(planned, uids, config.allowNonRestored(), savepoint));
        new PreflightReport(out).print(savepoint, result);
        if (!result.findings().fits()) {
            int problems = result.findings().problems().size();
            throw new IOException("The savepoint at " + savepoint.path() + " does not fit this job: " + problems
                    + (problems == 1 ? " problem" : " problems") + ", listed above");
        }
    }

    /**
     * Compares the savepoint with another, and prints the differences.
     *
     * @throws SettingsException if one of them cannot be read
     */
    public void compare(String other) {
        Savepoint savepoint = Savepoint.open(PreflightOptions.SAVEPOINT, config.savepoint());
        Savepoint against = Savepoint.open(PreflightOptions.AGAINST, other);
        new PreflightReport(out)
                .printDifferences(
                        savepoint,
                        contents(PreflightOptions.SAVEPOINT, savepoint),
                        against,
                        contents(PreflightOptions.AGAINST, against));
    }

    private SavepointContents contents(ConfigOption<String> key, Savepoint savepoint) {
        return read(key, savepoint, () -> SavepointReader.read(savepoint, uids));
    }

    /** The layout is checked before, so a failure means that the files are damaged. */
    private static <T> T read(ConfigOption<String> key, Savepoint savepoint, Reading<T> reading) {
        try {
            return reading.read();
        } catch (Exception e) {
            throw new SettingsException(
                    key.key(),
                    key.key() + ": the savepoint at " + savepoint.path() + " cannot be read: " + Failures.root(e)
                            + "; choose another savepoint");
        }
    }

    private interface Reading<T> {
        T read() throws Exception;
    }
}
