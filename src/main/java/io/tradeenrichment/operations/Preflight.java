package io.tradeenrichment.operations;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.ZipFile;

/**
 * Has a jar itself say whether it can go on from a savepoint, in a JVM of its own: its classes, and not this command's, must
 * read the state. The jar's command {@code preflight} ends with 0 if it can, with 1 if not, with 2 if that cannot be told.
 */
final class Preflight {
    private static final String MAIN = "io.tradeenrichment.cli.preflight.PreflightCommand";
    private static final String WITHOUT = "; --" + OperationsOptions.PREFLIGHT.key() + " false goes without this check";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Steps steps;
    private final boolean leavesStateBehind;

    /** @param leavesStateBehind whether the jar need not have a use for all of the state */
    Preflight(Steps steps, boolean leavesStateBehind) {
        this.steps = steps;
        this.leavesStateBehind = leavesStateBehind;
    }

    /** @throws IOException if the jar cannot go on from the savepoint, or if that cannot be told */
    void check(Path jar, Version version, String savepoint) throws IOException, InterruptedException {
        steps.step("Asks " + version.jar() + " whether it can go on from there");
        refuseIfElsewhere(savepoint);
        Process process = new ProcessBuilder(command(jar, version, savepoint))
                .redirectErrorStream(true)
                .start();
        List<String> said = new ArrayList<>();
        try (var reader = process.inputReader()) {
            reader.lines().forEach(line -> {
                steps.say(line);
                said.add(line);
            });
        }
        int code = process.waitFor();
        // Java itself ends with the same code if there is no such command in the jar.
        if (code != 0 && said.stream().anyMatch(Preflight::isRefusal)) {
            throw new IOException(
                    version.jar() + " cannot go on from the state of the running job, for the reasons above."
                            + " Nothing was changed");
        }
        if (code != 0) {
            throw new IOException("the preflight of " + version.jar() + " could not tell (exit code " + code
                    + "). Nothing was changed" + WITHOUT);
        }
    }

    /** Whether it is the report's line of JSON, and says that the savepoint does not fit. */
    private static boolean isRefusal(String line) {
        try {
            return line.startsWith("{") && !JSON.readTree(line).path("fits").asBoolean(true);
        } catch (JsonProcessingException e) {
            return false;
        }
    }

    private static void refuseIfElsewhere(String savepoint) throws IOException {
        URI uri = URI.create(savepoint);
        boolean isFile = uri.getScheme() == null || uri.getScheme().equals("file");
        if (isFile && !Files.exists(Path.of(uri.getPath()).resolve("_metadata"))) {
            throw new IOException(
                    "the savepoint " + savepoint + " cannot be read from this machine, so the jar was not held"
                            + " against it. Nothing was changed; set savepoint.dir to a folder that this machine sees as well"
                            + WITHOUT);
        }
    }

    private List<String> command(Path jar, Version version, String savepoint) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--add-opens") || flag.startsWith("--add-exports"))
                .forEach(command::add);
        command.addAll(List.of("-cp", jar + File.pathSeparator + withoutOurs(), MAIN));
        command.addAll(List.of("--preflight.savepoint", savepoint));
        command.addAll(List.of("--preflight.parallelism", String.valueOf(version.parallelism())));
        command.addAll(List.of("--preflight.allow-non-restored-state", String.valueOf(leavesStateBehind)));
        command.addAll(version.arguments());
        return command;
    }

    /** This JVM's class path without the job's own classes: Flink's jars, which a cluster has. */
    private static String withoutOurs() {
        String[] entries = System.getProperty("java.class.path").split(File.pathSeparator);
        return Arrays.stream(entries).filter(entry -> !hasMain(entry)).collect(Collectors.joining(File.pathSeparator));
    }

    private static boolean hasMain(String entry) {
        String main = MAIN.replace('.', '/') + ".class";
        Path path = Path.of(entry);
        if (!Files.isRegularFile(path)) {
            return Files.exists(path.resolve(main));
        }
        try (ZipFile zip = new ZipFile(path.toFile())) {
            return zip.getEntry(main) != null;
        } catch (IOException e) {
            return false;
        }
    }
}
