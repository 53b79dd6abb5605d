package io.tradeenrichment.cli.deploy;

import io.tradeenrichment.settings.CheckedConfiguration;
import io.tradeenrichment.settings.Command;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.Settings;
import java.io.IOException;
import java.util.List;

/** Changes the parallelism of the running job. */
public final class Rescale {
    private Rescale() {}

    /** @param name of the job on the cluster */
    public static Command command(String name) {
        CommandDescription program = new CommandDescription(
                "deploy/rescale",
                "Stops the job with a savepoint, starts the same jar with the same settings from it at another parallelism,"
                        + " and rolls back if it is not stable. Exit code 0: the job runs at the new parallelism; 1: it runs as"
                        + " before; 3: no job runs, or this is unknown.",
                List.of(
                        DeployOptions.group("Deployment", "parallelism", "beside"),
                        DeployOptions.group("Savepoint", "savepoint."),
                        DeployOptions.group("Cluster", "cluster."),
                        DeployOptions.group("Start", "start.", "verify.")),
                List.of("3", "3 --cluster.url http://flink:8081 --savepoint.format native"));
        return new Command(program, settings -> run(settings, name));
    }

    private static void run(Settings settings, String name) throws IOException, InterruptedException {
        Integer parallelism = settings.bind(DeployConfig::from).parallelism();
        if (parallelism == null) {
            throw DeployConfig.refused(
                    DeployOptions.PARALLELISM, "is missing; for example, deploy/rescale 3 sets the parallelism to 3");
        }
        boolean beside = new CheckedConfiguration(settings.configuration()).get(DeployOptions.BESIDE);
        CommandContext.run(settings, context -> {
            CurrentDeployment current = CurrentDeployment.find(context, name, beside);
            JobVersion old = current.deployment().version();
            JobVersion next = new JobVersion(old.jar(), old.sha256(), old.settings(), parallelism);
            new Redeployment(context, current).replace(next, false, false, () -> {});
            context.log().step("Rescaled: the parallelism is " + parallelism);
        });
    }
}
