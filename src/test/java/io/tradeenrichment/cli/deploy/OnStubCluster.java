package io.tradeenrichment.cli.deploy;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.tradeenrichment.cli.deploy.Deployment.Version;
import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.kafka.client.KafkaOptions;
import io.tradeenrichment.registry.RegistryConfig;
import io.tradeenrichment.registry.RegistryOptions;
import io.tradeenrichment.settings.Command;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.OptionGroup;
import io.tradeenrichment.settings.Settings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs the commands on a stub of a cluster. */
abstract class OnStubCluster {
    static final String SERVERS = "--kafka.bootstrap.servers k:9092";

    private static final List<OptionGroup> KEYS = Stream.of(
                    JobOptions.groups(), KafkaOptions.groups(), RegistryOptions.groups())
            .flatMap(List::stream)
            .toList();
    private static final CommandDescription JOB = new CommandDescription("job", "", KEYS, List.of());

    @TempDir
    Path folder;

    StubCluster cluster;
    /** The folder of the deployment record. */
    Path record;
    /** Two jars. */
    String a;

    String b;

    /** What a command returns and prints. */
    record Outcome(int code, String out, String err) {}

    @BeforeEach
    final void start() throws Exception {
        cluster = new StubCluster();
        record = folder.resolve("record");
        a = Files.writeString(folder.resolve("a.jar"), "a").toString();
        b = Files.writeString(folder.resolve("b.jar"), "b").toString();
    }

    @AfterEach
    final void stop() throws Exception {
        cluster.close();
    }

    /** Submits a.jar. */
    final Outcome submit(String... more) {
        List<String> arguments = new ArrayList<>(List.of("--jar", a));
        arguments.addAll(List.of(more));
        arguments.addAll(List.of("--", "--kafka.bootstrap.servers", "k:9092"));
        return run("submit", arguments.toArray(String[]::new));
    }

    /** Upgrades without a preflight. */
    final Outcome upgrade(String... arguments) {
        return run(
                "upgrade",
                Stream.concat(Stream.of("--upgrade.preflight", "false"), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    final Outcome rescale(int parallelism) {
        return run("rescale", "--upgrade.preflight", "false", "--parallelism", String.valueOf(parallelism));
    }

    final Outcome rollback(String... arguments) {
        return run("rollback", arguments);
    }

    /** Runs a command on the stub, unless the arguments name another cluster, with the shortest times. */
    final Outcome run(String command, String... arguments) {
        List<String> all = new ArrayList<>();
        if (Stream.of(arguments).noneMatch(List.of("--cluster.url", "--cluster.config")::contains)) {
            all.addAll(List.of("--cluster.url", cluster.url()));
        }
        all.addAll(List.of("--cluster.record", record.toString()));
        all.addAll(List.of("--verify.for", "1 ms"));
        if (!List.of(arguments).contains("--cluster.timeout")) {
            all.addAll(List.of("--cluster.timeout", "5 s"));
        }
        all.addAll(List.of(arguments));
        PrintStream out = System.out;
        PrintStream err = System.err;
        var printed = new ByteArrayOutputStream();
        var errors = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
            int code = command(command).run(all.toArray(String[]::new));
            return new Outcome(code, printed.toString(StandardCharsets.UTF_8), errors.toString(StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private static Command command(String name) {
        var commands = new DeployCommands("job", JOB, OnStubCluster::check);
        return switch (name) {
            case "submit" -> commands.submit();
            case "upgrade" -> commands.upgrade();
            case "rescale" -> commands.rescale();
            default -> commands.rollback();
        };
    }

    /** Some of the checks of main. */
    private static void check(Settings settings) {
        settings.bind(JobConfig::from);
        settings.bind(RegistryConfig::from);
    }

    /** Records a start as a command leaves it that is interrupted before the cluster answers. */
    final void recordInterruptedStart(String job, int parallelism, Duration ago) throws Exception {
        Deployment created;
        try (DeploymentRecord open = new DeploymentRecord(record)) {
            List<Deployment> earlier = open.latestFirst();
            Version jar = earlier.isEmpty()
                    ? open.keep(Path.of(a), Map.of(), parallelism)
                    : earlier.get(0).version();
            created = open.create(job, new Version(jar.jar(), jar.sha256(), jar.settings(), parallelism), null);
        }
        String since = Instant.now().minus(ago).toString();
        var earlier =
                new Deployment(created.number(), job, created.version(), null, created.state(), since, null, null);
        Files.writeString(
                record.resolve("deployments.jsonl"),
                new ObjectMapper().writeValueAsString(earlier) + "\n",
                StandardOpenOption.APPEND);
    }

    final List<Deployment> deployments() throws Exception {
        try (DeploymentRecord open = new DeploymentRecord(record)) {
            return open.latestFirst();
        }
    }
}
