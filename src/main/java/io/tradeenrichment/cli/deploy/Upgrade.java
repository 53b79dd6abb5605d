package io.tradeenrichment.cli.deploy;

import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.Command;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Replaces the jar, the settings or the parallelism of the running job. */
public final class Upgrade {
    private Upgrade() {}

    /**
     * @param name of the job on the cluster
     * @param job its settings
     * @param check throws the SettingsException that main would throw, without a connection to Kafka or the registry
     */
    public static Command command(String name, CommandDescription job, Consumer<Settings> check) {
        CommandDescription program = new CommandDescription(
                "deploy/upgrade",
                "Replaces the running job by another version. Takes a savepoint, checks that the new jar can restore it, stops"
                        + " the old job with a savepoint, starts the new one from it, verifies that it is stable, and rolls back"
                        + " if it is not. What is not set stays as it is. Exit code 0: the new version runs; 1: the old version"
                        + " runs; 3: no job runs, or this is unknown.",
                List.of(
                        DeployOptions.group("Deployment", "jar", "parallelism"),
                        DeployOptions.group("Upgrade", "upgrade.", "allow-non-restored-state", "beside"),
                        DeployOptions.group("Savepoint", "savepoint."),
                        DeployOptions.group("Cluster", "cluster."),
                        DeployOptions.group("Start", "start.", "verify.")),
                List.of(
                        "--jar target/trade-enrichment-1.1.0.jar",
                        "--parallelism 3 -- --dedup.retention 2h",
                        "--upgrade.settings replace -- --config my-job.yaml"),
                true);
        return new Command(program, settings -> run(settings, name, job, check));
    }

    private static void run(Settings settings, String name, CommandDescription program, Consumer<Settings> check)
            throws IOException, InterruptedException {
        Settings job = Settings.read(program, settings.trailingArguments().toArray(String[]::new));
        if (job.helpOrVersion().isPresent()) {
            System.out.print(job.helpOrVersion().get());
            return;
        }
        var checked = new CheckedConfiguration(settings.configuration());
        boolean replaces = checked.get(DeployOptions.SETTINGS) == DeployOptions.Change.REPLACE;
        if (replaces) {
            check.accept(job);
        }
        Map<String, String> arguments = job.toArguments();
        CommandContext.run(settings, context -> {
            CurrentDeployment current = CurrentDeployment.find(context, name, checked.get(DeployOptions.BESIDE));
            JobVersion old = current.deployment().version();
            Map<String, String> all = new LinkedHashMap<>(replaces ? Map.of() : old.settings());
            all.putAll(arguments);
            String origin = "the settings of deployment " + current.deployment().number() + " with the new ones";
            check.accept(replaces ? job : Settings.of(program, all, origin));
            Integer parallelism = context.config().parallelism();
            JobVersion next = version(context, old, all, parallelism == null ? old.parallelism() : parallelism);
            boolean allowNonRestoredState = checked.get(DeployOptions.ALLOW_NON_RESTORED_STATE);
            new Redeployment(context, current).replace(next, allowNonRestoredState, false, () -> {
                if (checked.get(DeployOptions.PREFLIGHT)) {
                    preflight(context, current, next, allowNonRestoredState);
                }
            });
            context.log().step("Upgraded: " + next + " is stable");
        });
    }

    private static JobVersion version(
            CommandContext context, JobVersion old, Map<String, String> settings, int parallelism) throws IOException {
        Optional<Path> jar = context.config().jar();
        return jar.isPresent()
                ? context.record().keep(jar.get(), settings, parallelism)
                : new JobVersion(old.jar(), old.sha256(), settings, parallelism);
    }

    /** The job runs on during the check. */
    private static void preflight(
            CommandContext context, CurrentDeployment current, JobVersion next, boolean allowNonRestoredState)
            throws IOException, InterruptedException {
        String lastState = current.lastState();
        if (!current.isRunning()) {
            if (lastState != null) {
                PreflightProcess.check(context, next, lastState, allowNonRestoredState);
            }
            return;
        }
        context.log().step("Takes a savepoint of " + current.deployment().title() + ", which runs on");
        String savepoint = current.job().savepoint(context.config());
        context.log().detail(savepoint);
        try {
            PreflightProcess.check(context, next, savepoint, allowNonRestoredState);
        } finally {
            dispose(context, savepoint);
        }
    }

    private static void dispose(CommandContext context, String savepoint) throws IOException, InterruptedException {
        try {
            context.cluster().disposeSavepoint(savepoint, context.config().savepointTimeout());
        } catch (ClusterException e) {
            context.log().detail("delete the savepoint, which was for the check only: " + e.getMessage());
        }
    }
}
