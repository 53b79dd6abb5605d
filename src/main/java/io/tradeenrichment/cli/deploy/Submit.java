package io.tradeenrichment.cli.deploy;

import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.Command;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.flink.configuration.CoreOptions;

/** Starts the job on a cluster where it does not run. */
public final class Submit {
    private Submit() {}

    /**
     * @param name of the job on the cluster
     * @param job its settings
     * @param check throws the SettingsException that main would throw, without a connection to Kafka or the registry
     */
    public static Command command(String name, CommandDescription job, Consumer<Settings> check) {
        CommandDescription program = new CommandDescription(
                "deploy/submit",
                "Submits the job's jar to a Flink session cluster and waits until the job is stable. Records the deployment, so"
                        + " that deploy/upgrade, deploy/rescale and deploy/rollback need neither jar nor settings.",
                List.of(
                        DeployOptions.group("Deployment", "jar", "parallelism"),
                        DeployOptions.group("Submit", "from", "fresh", "beside", "allow-non-restored-state"),
                        DeployOptions.group("Cluster", "cluster."),
                        DeployOptions.group("Start", "start.", "verify.")),
                List.of("--jar target/trade-enrichment-1.0.0-SNAPSHOT.jar --parallelism 2 -- --config my-job.yaml"),
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
        Path jar = settings.bind(DeployConfig::from)
                .jar()
                .orElseThrow(() -> DeployConfig.refused(DeployOptions.JAR, "is missing; set the job's jar"));
        check.accept(job);
        Map<String, String> arguments = job.toArguments();
        var checked = new CheckedConfiguration(settings.configuration());
        CommandContext.run(settings, context -> run(context, name, checked, jar, arguments));
    }

    private static void run(
            CommandContext context, String name, CheckedConfiguration settings, Path jar, Map<String, String> arguments)
            throws IOException, InterruptedException {
        List<Deployment> deployments = context.record().latestFirst();
        if (!deployments.isEmpty()) {
            CurrentDeployment.isRunning(context, deployments.get(0));
        }
        refuseSecondJob(context, name, settings.get(DeployOptions.BESIDE));
        String from = DeployConfig.optional(settings, DeployOptions.FROM).orElse(null);
        if (from == null && !settings.get(DeployOptions.FRESH)) {
            refuseToLoseState(context);
        }
        Integer requested = context.config().parallelism();
        // The REST interface itself would start the job at parallelism 1.
        int parallelism =
                requested == null ? context.cluster().configuration().get(CoreOptions.DEFAULT_PARALLELISM) : requested;
        context.cluster().checkSlots(parallelism, 0);
        JobVersion version = context.record().keep(jar, arguments, parallelism);
        var restore = new RestoreSettings(from, settings.get(DeployOptions.ALLOW_NON_RESTORED_STATE), Map.of());
        try {
            Deployment deployment = new JobStarter(context).start(version, restore);
            context.log().step("Submitted: " + context.cluster().webPage(deployment.job()));
        } catch (JobStarter.FailedException e) {
            context.log().done("No job runs.");
            String last = e.restore.path();
            throw new IOException("the job failed: " + e.getMessage()
                    + (last == null || last.equals(from)
                            ? ""
                            : ". Its last state is " + last + "; --from starts from there"));
        }
    }

    private static void refuseSecondJob(CommandContext context, String name, boolean beside)
            throws IOException, InterruptedException {
        for (RunningJob job : context.cluster().running(name)) {
            if (!beside) {
                throw new IOException("the job " + name + " is already on the cluster: " + job.id() + ", "
                        + job.details().getJobStatus() + "; deploy/upgrade replaces it, --" + DeployOptions.BESIDE.key()
                        + " true starts a second one");
            }
            if (context.record().hasJob(job.id())) {
                throw new IOException("the job " + job.id() + " of the record " + context.record()
                        + " runs; a second job needs a record of its own, --" + DeployOptions.RECORD.key());
            }
        }
    }

    /** A job that starts empty after a stop writes all output twice. */
    private static void refuseToLoseState(CommandContext context) throws IOException, InterruptedException {
        Optional<CurrentDeployment> latest = CurrentDeployment.latest(context);
        if (latest.isPresent() && latest.get().lastState() != null) {
            throw new IOException(latest.get().deployment().title() + " has ended, and its last state is "
                    + latest.get().lastState() + ": --" + DeployOptions.FROM.key() + " starts the job from it,"
                    + " deploy/rollback starts the earlier version; --" + DeployOptions.FRESH.key()
                    + " true ignores it and reads trades from kafka.trades.start again");
        }
    }
}
