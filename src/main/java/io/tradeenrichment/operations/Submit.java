package io.tradeenrichment.operations;

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

/** Starts the job on a cluster where it does not run, and sees that it runs. */
public final class Submit {
    private final Session session;
    private final String name;

    private Submit(Session session, String name) {
        this.session = session;
        this.name = name;
    }

    /**
     * @param name of the job on the cluster
     * @param job what its main takes
     * @param check throws what main would throw at settings that it cannot use, but asks nobody
     */
    public static Command command(String name, CommandDescription job, Consumer<Settings> check) {
        CommandDescription program = new CommandDescription(
                "deploy/submit",
                "Submits the job's jar to a Flink cluster, waits until it runs, and keeps a record of it, so that"
                        + " deploy/upgrade, deploy/rescale and deploy/rollback need neither jar nor settings again.",
                List.of(
                        OperationsOptions.group("Deployment", "jar", "parallelism"),
                        OperationsOptions.group("Submit", "from", "fresh", "beside", "allow-non-restored-state"),
                        OperationsOptions.group("Cluster", "cluster."),
                        OperationsOptions.group("Start", "start.", "verify.")),
                List.of("--jar target/trade-enrichment-1.0.0-SNAPSHOT.jar --parallelism 2 -- --config my-job.yaml"),
                true);
        return new Command(program, settings -> run(settings, name, JobSettings.read(job, check, settings)));
    }

    private static void run(Settings settings, String name, JobSettings job) throws IOException, InterruptedException {
        if (job.helpOrVersion().isPresent()) {
            System.out.print(job.helpOrVersion().get());
            return;
        }
        var checked = new CheckedConfiguration(settings.configuration());
        Path jar = settings.bind(OperationsConfig::from)
                .jar()
                .orElseThrow(() -> Session.refusal(OperationsOptions.JAR, "is missing: which jar is to be submitted?"));
        Map<String, String> arguments = job.checked();
        String from = OperationsConfig.optional(checked, OperationsOptions.FROM).orElse(null);
        try (Session session = Session.open(settings)) {
            Submit submit = new Submit(session, name);
            submit.awaitWhatWasAskedFor();
            submit.refuseSecond(checked.get(OperationsOptions.BESIDE));
            if (from == null && !checked.get(OperationsOptions.FRESH)) {
                submit.refuseToForget();
            }
            boolean leavesStateBehind = checked.get(OperationsOptions.ALLOW_NON_RESTORED_STATE);
            submit.start(jar, arguments, new Beginning(from, leavesStateBehind, Map.of()));
        }
    }

    /** A submit that was broken off may yet bring its job. */
    private void awaitWhatWasAskedFor() throws IOException, InterruptedException {
        List<Deployment> deployments = session.record().latestFirst();
        if (!deployments.isEmpty()) {
            Current.runsByNow(session, deployments.get(0));
        }
    }

    private void refuseSecond(boolean beside) throws IOException, InterruptedException {
        for (RunningJob job : session.cluster().running(name)) {
            if (!beside) {
                throw new IOException("a job " + name + " is there already: " + job.id() + ", "
                        + job.status().state() + "; deploy/upgrade puts another version in its place, --"
                        + OperationsOptions.BESIDE.key() + " true starts a second one");
            }
            if (session.record().has(job)) {
                throw new IOException("the job " + job.id() + " of the record " + session.record()
                        + " is running; a second one needs a record of its own, --" + OperationsOptions.RECORD.key());
            }
        }
    }

    /** Who starts anew what has only stopped would write all its output a second time. */
    private void refuseToForget() throws IOException, InterruptedException {
        Optional<Current> latest = Current.latest(session);
        if (latest.isPresent() && latest.get().state() != null) {
            throw new IOException(latest.get().deployment().title() + " has ended, and its state is in "
                    + latest.get().state() + ": --" + OperationsOptions.FROM.key() + " starts this one from it,"
                    + " deploy/rollback the other again; --" + OperationsOptions.FRESH.key()
                    + " true forgets it, and reads trades from kafka.trades.start again");
        }
    }

    private void start(Path jar, Map<String, String> arguments, Beginning beginning)
            throws IOException, InterruptedException {
        Integer asked = session.config().parallelism();
        // By REST a job would run at 1, whatever the cluster's default is.
        int parallelism = asked == null
                ? session.cluster()
                        .setting("parallelism.default")
                        .map(Integer::valueOf)
                        .orElse(1)
                : asked;
        session.cluster().checkSlots(parallelism, 0);
        Version version = new Version(session.record().jars().keep(jar), arguments, parallelism);
        Start start = new Start(session);
        Deployment deployment = start.submit(version, beginning);
        RunningJob job = session.cluster().job(deployment.job());
        session.steps()
                .unsettled("The job " + job.id() + " was submitted, and was not yet seen to run; the web UI shows it.");
        try {
            start.verify(deployment, Map.of());
        } catch (IOException e) {
            giveUp(deployment, job, String.valueOf(e.getMessage()));
        }
        session.steps().step("It runs: " + session.config().cluster() + "/#/job/running/" + job.id() + "/overview");
    }

    /** A job that fails and restarts for ever is not left behind. */
    private void giveUp(Deployment deployment, RunningJob job, String why) throws IOException, InterruptedException {
        session.steps().step("Cancels the job " + job.id());
        job.cancel(session.config().savepoints().timeout());
        String state = CommittedState.of(session, deployment);
        if (state != null) {
            session.record().stopped(deployment, state);
        }
        session.record().failed(deployment, why);
        throw new IOException("the job does not run: " + why
                + (state == null ? "" : ". What it has done so far is in " + state + "; --from goes on from there"));
    }
}
