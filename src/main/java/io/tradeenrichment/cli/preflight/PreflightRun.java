package io.tradeenrichment.cli.preflight;

import io.tradeenrichment.savepoint.JobUids;
import io.tradeenrichment.savepoint.PlannedJob;
import io.tradeenrichment.savepoint.Report;
import io.tradeenrichment.savepoint.Savepoint;
import io.tradeenrichment.savepoint.SavepointCompatibility;
import io.tradeenrichment.savepoint.SavepointContents;
import io.tradeenrichment.savepoint.SavepointReader;
import io.tradeenrichment.settings.Failures;
import io.tradeenrichment.settings.SettingsException;
import java.io.IOException;
import java.io.PrintStream;
import org.apache.flink.configuration.ConfigOption;

/** The command {@code preflight}: judges a savepoint, or compares it with another. */
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
     * Holds the savepoint against a job.
     *
     * @throws SettingsException if the savepoint cannot be read
     * @throws IOException if it does not fit
     */
    public void judge(PlannedJob candidate) throws IOException {
        Savepoint savepoint = Savepoint.open(PreflightOptions.SAVEPOINT, config.savepoint());
        SavepointCompatibility.Verdict verdict = reading(
                PreflightOptions.SAVEPOINT,
                savepoint,
                () -> SavepointCompatibility.of(candidate, uids, config.allowNonRestored(), savepoint));
        new Report(out).of(savepoint, verdict);
        if (!verdict.findings().fits()) {
            int problems = verdict.findings().problems().size();
            throw new IOException("The savepoint at " + savepoint.path() + " does not fit this job: " + problems
                    + (problems == 1 ? " problem" : " problems") + ", told above");
        }
    }

    /**
     * Compares the savepoint with another.
     *
     * @throws SettingsException if one of them cannot be read
     */
    public void compare(String other) {
        Savepoint savepoint = Savepoint.open(PreflightOptions.SAVEPOINT, config.savepoint());
        Savepoint against = Savepoint.open(PreflightOptions.AGAINST, other);
        new Report(out)
                .of(
                        savepoint,
                        contents(PreflightOptions.SAVEPOINT, savepoint),
                        against,
                        contents(PreflightOptions.AGAINST, against));
    }

    private SavepointContents contents(ConfigOption<String> key, Savepoint savepoint) {
        return reading(key, savepoint, () -> SavepointReader.read(savepoint, uids));
    }

    /** What has been checked beforehand can be read; if it cannot, the files are not what they were. */
    private static <T> T reading(ConfigOption<String> key, Savepoint savepoint, Reading<T> reading) {
        try {
            return reading.read();
        } catch (Exception e) {
            throw new SettingsException(
                    key.key(),
                    key.key() + ": the savepoint at " + savepoint.path() + " cannot be read: " + Failures.rootCause(e)
                            + "; choose another savepoint");
        }
    }

    private interface Reading<T> {
        T read() throws Exception;
    }
}
