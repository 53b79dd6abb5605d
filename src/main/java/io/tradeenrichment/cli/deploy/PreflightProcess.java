package io.tradeenrichment.cli.deploy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
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
    private static final String SKIP =
            ". Nothing was changed; --" + DeployOptions.PREFLIGHT.key() + " false skips this check";
    private static final ObjectMapper JSON = new ObjectMapper();

    private PreflightProcess() {}

    /** @throws IOException if the jar cannot restore the savepoint, or if the check fails */
    static void check(CommandContext context, JobVersion version, String savepoint, boolean allowNonRestoredState)
            throws IOException, InterruptedException {
        CommandLog log = context.log();
        log.step("Checks that " + version + " can restore it");
        URI uri = URI.create(savepoint);
        boolean isFile = uri.getScheme() == null || uri.getScheme().equals("file");
        if (isFile && !Files.exists(Path.of(uri.getPath()).resolve("_metadata"))) {
            throw new IOException("this machine cannot read the savepoint " + savepoint
                    + "; set savepoint.dir to a folder that the cluster and this machine share" + SKIP);
        }
        List<String> command = command(context.record().jar(version));
        command.addAll(List.of("--preflight.savepoint", savepoint));
        command.addAll(List.of("--preflight.parallelism", String.valueOf(version.parallelism())));
        command.addAll(List.of("--preflight.allow-non-restored-state", String.valueOf(allowNonRestoredState)));
        command.addAll(version.arguments());
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        List<String> output;
        try (var reader = process.inputReader()) {
            output = reader.lines().peek(log::detail).toList();
        }
        int code = process.waitFor();
        // Java itself exits with the code 1 if the jar has no such command.
        if (code != 0 && output.stream().anyMatch(PreflightProcess::isRefusal)) {
            throw new IOException(version
                    + " cannot restore the state of the running job, for the reasons above. Nothing was" + " changed");
        }
        if (code != 0) {
            throw new IOException("the preflight of " + version + " failed with exit code " + code + SKIP);
        }
    }

    private static boolean isRefusal(String line) {
        try {
            return line.startsWith("{") && !JSON.readTree(line).path("fits").asBoolean(true);
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    /** The class path is the jar and, of this JVM's class path, what is not the job: Flink's jars. */
    private static List<String> command(Path jar) {
        String ours = Path.of(URI.create(PreflightProcess.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toString()))
                .toString();
        String flink = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry ->
                        !Path.of(entry).toAbsolutePath().normalize().toString().equals(ours))
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
