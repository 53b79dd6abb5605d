package io.tradeenrichment.operations;

import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.Command;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.Settings;
import java.io.IOException;
import java.util.List;

/** Spreads the job that runs over more subtasks, or fewer. */
public final class Rescale {
    private Rescale() {}

    /** @param name of the job on the cluster */
    public static Command command(String name) {
        CommandDescription program = new CommandDescription(
                "deploy/rescale",
                "Stops the job with a savepoint and starts the same jar with the same settings from it, at another"
                        + " parallelism; goes back if it does not come up. Ends with 0 if it runs so, 1 if it runs as"
                        + " before, 3 if it does not run.",
                List.of(
                        OperationsOptions.group("Deployment", "parallelism", "beside"),
                        OperationsOptions.group("Savepoint", "savepoint."),
                        OperationsOptions.group("Cluster", "cluster."),
                        OperationsOptions.group("Start", "start.", "verify.")),
                List.of("3", "3 --cluster.url http://flink:8081 --savepoint.format native"));
        return new Command(program, settings -> run(settings, name));
    }

    private static void run(Settings settings, String name) throws IOException, InterruptedException {
        Integer parallelism = settings.bind(OperationsConfig::from).parallelism();
        if (parallelism == null) {
            throw Session.refusal(
                    OperationsOptions.PARALLELISM, "is missing: deploy/rescale 3 spreads the job over 3 subtasks");
        }
        var checked = new CheckedConfiguration(settings.configuration());
        try (Session session = Session.open(settings)) {
            session.run(() ->
                    run(session, Current.find(session, name, checked.get(OperationsOptions.BESIDE)), parallelism));
        }
    }

    private static void run(Session session, Current current, int parallelism)
            throws IOException, InterruptedException {
        Version old = current.deployment().version();
        Version next = old.with(parallelism);
        Changeover changeover = new Changeover(session, current, Changeover.SAME_AGAIN);
        if (current.isRunning() && next.equals(old)) {
            changeover.confirm(null);
            return;
        }
        changeover.check(next);
        changeover.start(next, changeover.stop());
        session.steps().step("Rescaled: it runs at parallelism " + parallelism);
    }
}
