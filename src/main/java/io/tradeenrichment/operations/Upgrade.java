package io.tradeenrichment.operations;

import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.Command;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Puts another jar, other settings or another parallelism in the place of what runs, by savepoint. */
public final class Upgrade {
    private final Session session;
    private final Current current;
    private final Changeover changeover;
    private final CheckedConfiguration settings;

    private Upgrade(Session session, Current current, CheckedConfiguration settings) {
        this.session = session;
        this.current = current;
        this.changeover = new Changeover(session, current, Changeover.SAME_AGAIN);
        this.settings = settings;
    }

    /**
     * @param name of the job on the cluster
     * @param job what its main takes
     * @param check throws what main would throw at settings that it cannot use, but asks nobody
     */
    public static Command command(String name, CommandDescription job, Consumer<Settings> check) {
        CommandDescription program = new CommandDescription(
                "deploy/upgrade",
                "Puts another version of the job in the place of the one that runs: takes a savepoint, asks the new jar"
                        + " whether it can go on from it, stops the old one with a savepoint, starts the new one from it,"
                        + " sees that it runs, and goes back if it does not. What is not given stays as it was. Ends with 0"
                        + " if the new version runs, 1 if the old one does, 3 if neither.",
                List.of(
                        OperationsOptions.group("Deployment", "jar", "parallelism"),
                        OperationsOptions.group("Upgrade", "upgrade.", "allow-non-restored-state", "beside"),
                        OperationsOptions.group("Savepoint", "savepoint."),
                        OperationsOptions.group("Cluster", "cluster."),
                        OperationsOptions.group("Start", "start.", "verify.")),
                List.of(
                        "--jar target/trade-enrichment-1.1.0.jar",
                        "--parallelism 3 -- --dedup.retention 2h",
                        "--upgrade.settings replace -- --config my-job.yaml"),
                true);
        return new Command(program, settings -> run(settings, name, JobSettings.read(job, check, settings)));
    }

    private static void run(Settings settings, String name, JobSettings job) throws IOException, InterruptedException {
        if (job.helpOrVersion().isPresent()) {
            System.out.print(job.helpOrVersion().get());
            return;
        }
        var checked = new CheckedConfiguration(settings.configuration());
        if (replaces(checked)) {
            job.checked();
        } else {
            job.arguments();
        }
        try (Session session = Session.open(settings)) {
            session.run(() -> {
                Current current = Current.find(session, name, checked.get(OperationsOptions.BESIDE));
                new Upgrade(session, current, checked).run(job);
            });
        }
    }

    private void run(JobSettings job) throws IOException, InterruptedException {
        Version next = next(job);
        if (current.isRunning() && next.equals(current.deployment().version())) {
            changeover.confirm(null);
            return;
        }
        changeover.check(next);
        boolean leavesStateBehind = settings.get(OperationsOptions.ALLOW_NON_RESTORED_STATE);
        if (settings.get(OperationsOptions.PREFLIGHT)) {
            preflight(next, leavesStateBehind);
        }
        Beginning end = changeover.stop();
        changeover.start(next, new Beginning(end.state(), leavesStateBehind, end.totals()));
        session.steps().step("Upgraded: " + next + " runs");
    }

    private Version next(JobSettings job) throws IOException {
        OperationsConfig config = session.config();
        Version old = current.deployment().version();
        // Before the jar is kept: settings that cannot be used leave nothing behind.
        Map<String, String> arguments = replaces(settings) ? job.checked() : job.checkedOver(current.deployment());
        return new Version(
                config.jar().isPresent()
                        ? session.record().jars().keep(config.jar().get())
                        : old.jar(),
                arguments,
                config.parallelism() == null ? old.parallelism() : config.parallelism());
    }

    private static boolean replaces(CheckedConfiguration settings) {
        return settings.get(OperationsOptions.SETTINGS) == OperationsOptions.Change.REPLACE;
    }

    /** Against a savepoint that is taken while the job runs: whatever comes of it, nothing was stopped. */
    private void preflight(Version next, boolean leavesStateBehind) throws IOException, InterruptedException {
        Path jar = session.record().jars().find(next.jar());
        Preflight check = new Preflight(session.steps(), leavesStateBehind);
        if (!current.isRunning()) {
            if (current.state() != null) {
                check.check(jar, next, current.state());
            }
            return;
        }
        session.steps().step("Takes a savepoint of " + current.deployment().title() + ", which goes on");
        String savepoint = current.job().savepoint(session.config().savepoints());
        session.steps().say(savepoint);
        try {
            check.check(jar, next, savepoint);
        } finally {
            dispose(savepoint);
        }
    }

    private void dispose(String savepoint) throws InterruptedException {
        try {
            session.cluster().dispose(savepoint, session.config().savepoints().timeout());
        } catch (ClusterException e) {
            session.steps().say("the savepoint was for the check only, and can be deleted: " + e.getMessage());
        }
    }
}
