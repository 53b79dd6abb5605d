package io.tradeenrichment.cli.deploy;

import io.tradeenrichment.cli.deploy.Deployment.Version;
import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.Command;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.CommandException;
import io.tradeenrichment.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.flink.configuration.CoreOptions;

/**
 * The commands that deploy one job.
 *
 * @param name of the job on the cluster
 * @param job its settings
 * @param check throws the SettingsException that main would throw, without a connection to Kafka or the registry
 */
public record DeployCommands(String name, CommandDescription job, Consumer<Settings> check) {
    private static final String EXIT_CODES =
            " Exit code 0: the requested version runs; 1: what ran before runs; 3: no job runs, or this is unknown.";

    public Command submit() {
        String text = "Submits the job's jar to a Flink session cluster and waits until the job is stable. Records the"
                + " deployment, so that deploy/upgrade, deploy/rescale and deploy/rollback need neither jar nor settings.";
        String example = "--jar target/trade-enrichment-1.0.0-SNAPSHOT.jar --parallelism 2 -- --config my-job.yaml";
        return command("submit", text, example, this::submit, "jar", "parallelism", "from", "fresh", "allow");
    }

    public Command upgrade() {
        String text = "Replaces the jar, the settings or the parallelism of the running job. Takes a savepoint, checks"
                + " that the new version can restore it, stops the job with a savepoint, starts the new version from it,"
                + " verifies that it is stable, and rolls back if it is not." + EXIT_CODES;
        String example = "--jar target/trade-enrichment-1.1.0.jar --parallelism 3 -- --dedup.retention 2h";
        return command("upgrade", text, example, this::upgrade, "jar", "parallelism", "upgrade", "allow", "savepoint");
    }

    public Command rescale() {
        String text = "Restarts the running job at another parallelism, with the steps of deploy/upgrade." + EXIT_CODES;
        return command("rescale", text, "3", this::upgrade, "parallelism", "upgrade.preflight", "savepoint.");
    }

    public Command rollback() {
        String text =
                "Starts the stable deployment before the current one, from a savepoint of the current one: no trade"
                        + " is lost or written twice. A job that cannot write a savepoint is cancelled, and its last complete"
                        + " checkpoint is restored. If no job runs, starts the last stable deployment." + EXIT_CODES;
        return command("rollback", text, "--rollback.to 4", this::rollback, "rollback.", "savepoint.");
    }

    /** What a command does. */
    private interface Action {
        void run(Deployer deployer, Settings arguments, CheckedConfiguration own)
                throws IOException, InterruptedException;
    }

    private Command command(String name, String text, String example, Action action, String... keys) {
        var groups = List.of(
                DeployOptions.group("Deployment", keys),
                DeployOptions.group("Cluster", "cluster."),
                DeployOptions.group("Start", "start.", "verify."));
        var description = new CommandDescription("deploy/" + name, text, groups, List.of(example), true);
        return new Command(description, settings -> run(settings, action));
    }

    /** A failure has the exit code 3 while it is not certain that a job runs. The settings of the job follow {@code --}. */
    private void run(Settings settings, Action action) throws IOException, InterruptedException {
        Settings arguments = Settings.read(job, settings.trailingArguments().toArray(String[]::new));
        if (arguments.helpOrVersion().isPresent()) {
            System.out.print(arguments.helpOrVersion().get());
            return;
        }
        DeployConfig config = settings.bind(DeployConfig::from);
        try (var cluster = new SessionCluster(config);
                var record = new DeploymentRecord(config.record());
                var log = new CommandLog()) {
            log.step("Connects to " + cluster.overview());
            log.step("Uses the record " + record);
            var deployer = new Deployer(config, cluster, record, log);
            var own = new CheckedConfiguration(settings.configuration());
            try {
                action.run(deployer, arguments, own);
            } catch (CommandException e) {
                throw e;
            } catch (IOException e) {
                String state = log.pending().orElseThrow(() -> e);
                throw new CommandException(Deployer.NO_JOB_RUNS, (e.getMessage() + ". ").replace("..", ".") + state);
            }
        }
    }

    private void submit(Deployer deployer, Settings arguments, CheckedConfiguration own)
            throws IOException, InterruptedException {
        Path jar = deployer.config()
                .jar()
                .orElseThrow(() -> DeployConfig.refused(DeployOptions.JAR, "is missing; set the job's jar"));
        check.accept(arguments);
        List<String> running = deployer.cluster().running(name);
        if (!running.isEmpty()) {
            throw new IOException("the job is already on the cluster: " + running + "; deploy/upgrade replaces it");
        }
        Optional<CurrentDeployment> latest = CurrentDeployment.latest(deployer);
        String state = DeployConfig.optional(own, DeployOptions.FROM).orElse(null);
        if (state == null && latest.isPresent() && !latest.get().isRunning() && !own.get(DeployOptions.FRESH)) {
            // A job that starts empty after a stop writes all output twice.
            state = deployer.lastState(latest.get().deployment());
        }
        deployer.cluster().requireRetainedCheckpoints();
        // The REST interface itself would start the job at parallelism 1.
        int standard = deployer.cluster().configuration().get(CoreOptions.DEFAULT_PARALLELISM);
        int parallelism = deployer.config().parallelism().orElse(standard);
        Version version = deployer.record().keep(jar, arguments.toArguments(), parallelism);
        Deployment started = deployer.start(version, state, own.get(DeployOptions.ALLOW_NON_RESTORED_STATE));
        if (!started.wasStable()) {
            deployer.log().done("No job runs.");
            throw new IOException("the job failed: " + started.failure());
        }
    }

    private void upgrade(Deployer deployer, Settings arguments, CheckedConfiguration own)
            throws IOException, InterruptedException {
        CurrentDeployment current = CurrentDeployment.find(deployer, name);
        Version old = current.deployment().version();
        Map<String, String> merged = new LinkedHashMap<>(old.settings());
        merged.putAll(arguments.toArguments());
        String origin = "the settings of deployment " + current.deployment().number() + " with the new ones";
        check.accept(Settings.of(job, merged, origin));
        int parallelism = deployer.config().parallelism().orElse(old.parallelism());
        Optional<Path> jar = deployer.config().jar();
        Version next = jar.isPresent()
                ? deployer.record().keep(jar.get(), merged, parallelism)
                : new Version(old.jar(), old.sha256(), merged, parallelism);
        boolean allows = own.get(DeployOptions.ALLOW_NON_RESTORED_STATE);
        current.replaceBy(next, own.get(DeployOptions.PREFLIGHT), false, allows);
    }

    private void rollback(Deployer deployer, Settings arguments, CheckedConfiguration own)
            throws IOException, InterruptedException {
        CurrentDeployment current = CurrentDeployment.find(deployer, name);
        Optional<Integer> number = DeployConfig.optional(own, DeployOptions.TO);
        Deployment target = deployer.record().latestFirst().stream()
                .filter(earlier -> number.isPresent() ? number.get() == earlier.number() : current.isAfter(earlier))
                .findFirst()
                .orElseThrow(() -> new IOException("the record " + deployer.record() + " has no "
                        + number.map(wanted -> "deployment " + wanted).orElse("earlier stable version")));
        // Without the number, an interrupted rollback would start again from its own deployment.
        deployer.log().continueWith("deploy/rollback --" + DeployOptions.TO.key() + " " + target.number());
        deployer.log().step("Requested is " + target.title() + ", of " + target.since());
        current.replaceBy(target.version(), false, true, false);
    }
}
