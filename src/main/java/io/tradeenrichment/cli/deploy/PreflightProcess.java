package io.tradeenrichment.cli.deploy;

import io.tradeenrichment.cli.deploy.Deployment.Version;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Checks that a jar can restore a savepoint: runs the jar's command {@code preflight} in a JVM of its own, because the classes
 * of that jar must read the state.
 */
final class PreflightProcess {
    private static final String MAIN = "io.tradeenrichment.cli.preflight.PreflightCommand";

    private PreflightProcess() {}

    /** @throws IOException if the version cannot restore a savepoint of the job, which runs on, or if the check fails */
    static void check(CurrentDeployment current, Version next, boolean allowNonRestoredState)
            throws IOException, InterruptedException {
        Deployer deployer = current.deployer();
        deployer.log().step("Takes a savepoint of " + current.deployment().title() + ", which runs on");
        String savepoint = current.job().savepoint(deployer.config());
        try {
            deployer.log().step("Checks that " + next + " can restore " + savepoint);
            List<String> command = command(deployer.record().jar(next));
            command.addAll(List.of("--preflight.savepoint", savepoint));
            command.addAll(List.of("--preflight.parallelism", String.valueOf(next.parallelism())));
            command.addAll(List.of("--preflight.allow-non-restored-state", String.valueOf(allowNonRestoredState)));
            command.addAll(next.arguments());
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            try (var output = process.inputReader()) {
                output.lines().forEach(deployer.log()::detail);
            }
            if (process.waitFor() != 0) {
                throw new IOException(
                        "the preflight of " + next + " failed, for the reasons above. Nothing was changed; --"
                                + DeployOptions.PREFLIGHT.key() + " false skips this check");
            }
        } finally {
            deployer.cluster()
                    .request(
                            client -> client.disposeSavepoint(savepoint),
                            deployer.config().savepointTimeout());
        }
    }

    /** The class path is the jar and, of this JVM's class path, what is not the job: Flink's jars. */
    private static List<String> command(Path jar) {
        var location =
                PreflightProcess.class.getProtectionDomain().getCodeSource().getLocation();
        URI ours = URI.create(location.toString());
        String flink = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !new File(entry).toURI().normalize().equals(ours))
                .collect(Collectors.joining(File.pathSeparator));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--add-opens") || flag.startsWith("--add-exports"))
                .forEach(command::add);
        command.addAll(List.of("-cp", jar + File.pathSeparator + flink, MAIN));
        return command;
    }
}
