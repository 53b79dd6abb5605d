package io.tradeenrichment.operations;

import io.tradeenrichment.config.CheckedConfiguration;
import io.tradeenrichment.config.Command;
import io.tradeenrichment.config.Program;
import io.tradeenrichment.config.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

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
     */
    public static Command command(String name, Program job) {
        Program program = new Program(
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
        return new Command(program, settings -> run(settings, name, job));
    }

    private static void run(Settings settings, String name, Program program) throws IOException, InterruptedException {
        JobSettings job = JobSettings.read(program, settings);
        if (job.answer().isPresent()) {
            System.out.print(job.answer().get());
            return;
        }
        job.arguments();
        var checked = new CheckedConfiguration(settings.configuration());
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
        boolean replaces = settings.get(OperationsOptions.SETTINGS) == OperationsOptions.Change.REPLACE;
        return new Version(
                config.jar().isPresent()
                        ? session.record().jars().keep(config.jar().get())
                        : old.jar(),
                replaces ? job.arguments() : job.over(old.settings()),
                config.parallelism() == null ? old.parallelism() : config.parallelism());
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
