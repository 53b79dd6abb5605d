package io.tradeenrichment.cli.deploy;

import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.Command;
import io.tradeenrichment.settings.CommandDescription;
import java.io.IOException;
import java.util.List;

/** Starts an earlier version from the state of the current one. */
public final class Rollback {
    private Rollback() {}

    /** @param name of the job on the cluster */
    public static Command command(String name) {
        CommandDescription program = new CommandDescription(
                "deploy/rollback",
                "Starts the stable deployment before the current one, with its jar, settings and parallelism, from a savepoint"
                        + " of the current one: no trade is lost or written twice. A job that cannot write a savepoint is"
                        + " cancelled, and its last complete checkpoint is restored. If no job runs, starts the last stable"
                        + " deployment. Exit code 0: the earlier version runs; 1: the current version runs; 3: no job runs, or"
                        + " this is unknown.",
                List.of(
                        DeployOptions.group("Roll back", "rollback.", "beside"),
                        DeployOptions.group("Savepoint", "savepoint."),
                        DeployOptions.group("Cluster", "cluster."),
                        DeployOptions.group("Start", "start.", "verify.")),
                List.of("--cluster.url http://flink:8081", "--rollback.to 4"));
        return new Command(program, settings -> {
            var checked = new CheckedConfiguration(settings.configuration());
            CommandContext.run(settings, context -> run(context, name, checked));
        });
    }

    private static void run(CommandContext context, String name, CheckedConfiguration settings)
            throws IOException, InterruptedException {
        CurrentDeployment current = CurrentDeployment.find(context, name, settings.get(DeployOptions.BESIDE));
        Deployment target = settings.isSet(DeployOptions.TO)
                ? numbered(context, settings.get(DeployOptions.TO))
                : previous(context, current);
        // Without the number, an interrupted rollback would start again from its own deployment.
        context.log().continueWith("deploy/rollback --" + DeployOptions.TO.key() + " " + target.number());
        context.log().step("Requested is " + target.title() + ", of " + target.created());
        new Redeployment(context, current).replace(target.version(), false, true, () -> {});
        context.log().step("Rolled back: " + target.version() + " is stable");
    }

    private static Deployment numbered(CommandContext context, int number) {
        return context.record()
                .number(number)
                .orElseThrow(() -> DeployConfig.refused(
                        DeployOptions.TO,
                        "is " + number + ", but the record has the deployments 1 to "
                                + context.record().latestFirst().get(0).number()));
    }

    private static Deployment previous(CommandContext context, CurrentDeployment current) throws IOException {
        Deployment now = current.deployment();
        return context.record().latestFirst().stream()
                .filter(Deployment::wasStable)
                .filter(earlier -> !current.isRunning()
                        || (earlier.number() < now.number()
                                && !earlier.version().equals(now.version())))
                .findFirst()
                .orElseThrow(() -> new IOException("there is no earlier stable version: " + now.title()
                        + " is the first in the record " + context.record()));
    }
}
