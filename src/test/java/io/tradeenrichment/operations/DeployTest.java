package io.tradeenrichment.operations;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.config.JobConfig;
import io.tradeenrichment.config.JobOptions;
import io.tradeenrichment.kafka.client.KafkaOptions;
import io.tradeenrichment.operations.StubCluster.Fate;
import io.tradeenrichment.registry.RegistryConfig;
import io.tradeenrichment.registry.RegistryOptions;
import io.tradeenrichment.settings.Command;
import io.tradeenrichment.settings.CommandDescription;
import io.tradeenrichment.settings.OptionGroup;
import io.tradeenrichment.settings.Settings;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The four commands on a cluster whose jobs fare as they are told: what is asked of it, in which order, and what is said. */
class DeployTest {
    private static final List<OptionGroup> KEYS = Stream.of(
                    JobOptions.groups(), KafkaOptions.groups(), RegistryOptions.groups())
            .flatMap(List::stream)
            .toList();
    private static final CommandDescription JOB = new CommandDescription("job", "", KEYS, List.of());
    private static final OperationsConfig.Savepoints SAVEPOINTS =
            new OperationsConfig.Savepoints(null, OperationsOptions.Format.NATIVE, Duration.ofSeconds(5));
    private static final String SERVERS = "--kafka.bootstrap.servers k:9092";

    @TempDir
    private Path folder;

    private StubCluster cluster;
    private Path record;
    private String a;
    private String b;

    private record Outcome(int code, String out, String err) {}

    @BeforeEach
    void start() throws Exception {
        cluster = new StubCluster();
        record = folder.resolve("record");
        a = Files.writeString(folder.resolve("a.jar"), "a").toString();
        b = Files.writeString(folder.resolve("b.jar"), "b").toString();
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    // ---- submit ----

    @Test
    void submitsWithTheClustersParallelismAndTakesTheJarAwayAgain() {
        Outcome submitted = submit();

        assertThat(submitted.code()).isZero();
        assertThat(submitted.out()).contains("Flink 2.2.1", "4 of 4 slots free", cluster.running());
        assertThat(cluster.told).containsExactly("upload", "run at 2 from nothing: " + SERVERS, "remove");
    }

    @Test
    void aLocalSettingsFileTravelsAsArguments() throws Exception {
        Path file = Files.writeString(
                folder.resolve("job.yaml"), "kafka:\n  bootstrap.servers: k:9092\ndedup.retention: 2 h\n");

        assertThat(run("submit", "--jar", a, "--", "--config", file.toString(), "--dedup.retention", "3 h")
                        .code())
                .isZero();
        assertThat(cluster.told)
                .contains("run at 2 from nothing: --kafka.bootstrap.servers k:9092 --dedup.retention 3 h");
    }

    @Test
    void aSecretIsRefusedAsAnArgument() {
        Outcome plain = run("submit", "--jar", a, "--", "--kafka.client.ssl.key.password", "hunter2");
        Outcome login =
                run("submit", "--jar", a, "--", "--kafka.client.sasl.jaas.config", "X required password=\"hunter2\";");
        Outcome elsewhere = run(
                "submit", "--jar", a, "--", "--kafka.client.sasl.jaas.config", "X required password=\"${file:/a:b}\";");

        assertThat(plain.code()).isEqualTo(2);
        assertThat(plain.err())
                .contains("kafka.client.ssl.key.password is a secret", "${file:")
                .doesNotContain("hunter2");
        assertThat(login.code()).isEqualTo(2);
        assertThat(login.err()).contains("is a secret").doesNotContain("hunter2");
        assertThat(elsewhere.code()).isZero();
    }

    @Test
    void aSettingThatTheJobWouldRefuseIsRefusedHere() {
        Outcome refused = run("submit", "--jar", a, "--", "--dedup.retentoin", "1 h");

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).isEqualTo("dedup.retentoin is not a known key; did you mean dedup.retention?\n");
        assertThat(cluster.told).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
            --wire.framing confluent > registry.url is not set, but wire.framing is confluent; give the schema registry's URL, for example http://registry:8081
            --join.wait.timeout 2h --dedup.retention 1h > dedup.retention is shorter than join.wait.timeout, so a trade that repeats during the wait could be enriched twice; make it at least as long
            """)
    void settingsThatCannotGoTogetherAreRefusedBeforeAnythingIsRecorded(String settings, String sentence) {
        Outcome submitted = run("submit", arguments("--jar " + a + " -- " + SERVERS + " " + settings));

        assertThat(submitted.code()).isEqualTo(2);
        assertThat(submitted.err()).isEqualTo(sentence + "\n");
        assertThat(submitted.out()).isEmpty();
        assertThat(cluster.told).isEmpty();
        assertThat(record).doesNotExist();
    }

    @Test
    void aSettingsFileIsNamedWithItsLineBeforeAnythingIsRecorded() throws Exception {
        Path file = Files.writeString(folder.resolve("my.yaml"), "dedup.retention: 1 h\njoin.wait.then: wait\n");

        Outcome submitted = run("submit", "--jar", a, "--", "--config", file.toString());

        assertThat(submitted.code()).isEqualTo(2);
        assertThat(submitted.err()).startsWith(file + ", line 2: join.wait.then is wait, but applies after the wait");
        assertThat(record).doesNotExist();
    }

    @Test
    void filesThatAreOnlyWhereMainRunsAreNotMissedHere() {
        assertThat(run(
                                "submit",
                                arguments(
                                        "--jar " + a + " -- " + SERVERS + " --wire.writer-schemas /on/the/jobmanager"))
                        .code())
                .isZero();
    }

    @Test
    void anUpgradeIsJudgedTogetherWithTheSettingsOfTheRecord() throws Exception {
        run(
                "submit",
                arguments("--jar " + a + " -- " + SERVERS
                        + " --wire.framing confluent --registry.url http://registry:1"));
        List<String> recorded = Files.readAllLines(record.resolve("deployments.jsonl"));
        String job = cluster.running();
        cluster.told.clear();

        Outcome refused = upgrade("--jar", b, "--", "--wire.framing", "single-object");
        Outcome replaced = upgrade(arguments("--jar " + b + " --upgrade.settings replace -- --wire.framing confluent"));

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .isEqualTo("the settings of deployment 1 with those given now: registry.url is set, but wire.framing is"
                        + " single-object, which uses no registry; set it to confluent, or leave the URL out\n");
        assertThat(replaced.code()).isEqualTo(2);
        assertThat(replaced.err()).startsWith("registry.url is not set, but wire.framing is confluent");
        assertThat(cluster.told).isEmpty();
        assertThat(cluster.running()).isEqualTo(job);
        assertThat(Files.readAllLines(record.resolve("deployments.jsonl"))).isEqualTo(recorded);
        assertThat(record.resolve("jars").toFile().list())
                .as("the jar of deployment 1")
                .hasSize(1);
        assertThat(upgrade("--jar", b, "--", "--dedup.retention", "3 h").code()).isZero();
    }

    @Test
    void anUnderscoreInTheClustersHostNameIsNamed() {
        Outcome refused =
                run("submit", arguments("--cluster.url http://job_manager:8081 --jar " + a + " -- " + SERVERS));

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .isEqualTo(
                        "cluster.url has an underscore in the host name job_manager, which a URL does not allow; use a"
                                + " name without underscores, such as a network alias, or the host's IP address\n");
    }

    private static String[] arguments(String line) {
        return line.split(" ");
    }

    @Test
    void whatMainRefusesIsToldInItsOwnSentence() {
        cluster.fates.add(Fate.REFUSED);

        Outcome refused = submit();

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).isEqualTo("there is no topic nowhere\n");
        assertThat(cluster.told).last().isEqualTo("remove");
    }

    @Test
    void aJobOfTheSameNameIsRefusedUnlessWanted() {
        submit();

        Outcome second = submit();
        String[] wanted = {"--jar", a, "--beside", "true", "--", "--kafka.bootstrap.servers", "k:9092"};
        Outcome sameRecord = run("submit", wanted);
        record = folder.resolve("another");
        Outcome ownRecord = run("submit", wanted);

        assertThat(second.code()).isEqualTo(1);
        assertThat(second.err()).contains("a job job is there already: ", "deploy/upgrade", "--beside true");
        assertThat(sameRecord.code()).isEqualTo(1);
        assertThat(sameRecord.err()).contains("a record of its own, --cluster.record");
        assertThat(ownRecord.code()).isZero();
        // Neither takes the other's job for its own.
        assertThat(upgrade("--jar", b).code()).isZero();
        record = folder.resolve("record");
        assertThat(rescale("1").code()).isZero();
    }

    @Test
    void aJobThatFailsIsCancelledAndItsCauseTold() {
        cluster.fates.add(Fate.FAILS);

        Outcome failed = submit();

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).isEqualTo("the job does not run: the disk is full\n");
        assertThat(cluster.told).last().isEqualTo("cancel");
    }

    @Test
    void aJobThatOnlyLoadsIsWaitedForAsLongAsAsked() {
        cluster.fates.add(Fate.LOADS);

        Outcome failed =
                run("submit", "--jar", a, "--start.timeout", "1 s", "--", "--kafka.bootstrap.servers", "k:9092");

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.out()).contains("Join initializing (1,234 records loaded)");
        assertThat(failed.err()).contains("not every task of the job").contains("within 1 s");
    }

    @Test
    void aLostAnswerIsNoSecondJob() {
        cluster.fates.add(Fate.UNANSWERED);

        assertThat(submit().code()).isZero();
        assertThat(cluster.told).filteredOn(what -> what.startsWith("run")).hasSize(1);
    }

    @Test
    void moreSlotsThanThereAreAreRefusedExceptWhereTheyComeOnDemand() {
        Outcome refused = run("submit", "--jar", a, "--parallelism", "5", "--", "--kafka.bootstrap.servers", "k:9092");
        cluster.target = "kubernetes-session";
        Outcome onDemand = run("submit", "--jar", a, "--parallelism", "5", "--", "--kafka.bootstrap.servers", "k:9092");

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("parallelism 5 needs 5 slots").contains("has 4");
        assertThat(onDemand.code()).isZero();
    }

    @Test
    void aClusterThatIsNotThereIsSaid() {
        cluster.close();

        Outcome failed = run("rollback", "--cluster.timeout", "1 s");

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).contains("the cluster at " + cluster.url() + " does not answer");
    }

    // ---- upgrade ----

    @Test
    void anUpgradeChangesWhatIsGivenAndStartsFromTheSavepointOfTheStop() {
        submit();
        cluster.told.clear();

        Outcome upgraded = upgrade(
                "--jar", b, "--parallelism", "3", "--savepoint.format", "native", "--", "--dedup.retention", "2 h");

        assertThat(upgraded.code()).isZero();
        assertThat(cluster.told)
                .containsExactly(
                        "stop NATIVE",
                        "upload",
                        "run at 3 from file:/savepoints/savepoint-1: " + SERVERS + " --dedup.retention 2 h",
                        "remove");
    }

    @Test
    void settingsCanBeReplacedAsAWhole() {
        submit();

        assertThat(upgrade("--upgrade.settings", "replace", "--", "--kafka.bootstrap.servers", "other:9092")
                        .code())
                .isZero();
        assertThat(cluster.told)
                .contains("run at 2 from file:/savepoints/savepoint-1: --kafka.bootstrap.servers other:9092");
    }

    @Test
    void anUpgradeToTheSameIsRefused() {
        submit();

        Outcome same = upgrade("--jar", a);

        assertThat(same.code()).isEqualTo(1);
        assertThat(same.err()).contains("nothing is to be changed");
    }

    @Test
    void aSavepointThatFailsChangesNothing() {
        submit();
        String job = cluster.running();
        cluster.noSavepoints = "no space left on device";

        Outcome failed = upgrade("--jar", b);

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).contains("no space left on device", "Nothing was changed", job + " is RUNNING");
        assertThat(cluster.running()).isEqualTo(job);
    }

    @Test
    void aClusterWithoutAFolderForSavepointsIsSaid() {
        submit();
        cluster.folder = "";

        assertThat(upgrade("--jar", b).err())
                .contains("the cluster has no folder for savepoints", "--savepoint.dir", "Nothing was changed");
        assertThat(upgrade("--jar", b, "--savepoint.dir", "file:/elsewhere").code())
                .isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"REFUSED", "FAILS"})
    void whatDoesNotStartGivesWayToTheOldVersionFromTheSameSavepoint(Fate fate) {
        submit();
        cluster.fates.add(fate);

        Outcome failed = upgrade("--jar", b, "--parallelism", "3");

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err())
                .contains(fate == Fate.FAILS ? "the disk is full" : "there is no topic nowhere")
                .contains("What ran before runs again, as job " + cluster.running());
        assertThat(cluster.told)
                .filteredOn(what -> what.startsWith("run"))
                .last()
                .isEqualTo("run at 2 from file:/savepoints/savepoint-1: " + SERVERS);
    }

    @Test
    void theOldVersionGoesOnFromTheLastCheckpointThatTheNewOneHasCompleted() {
        submit();
        cluster.fates.add(Fate.FAILS_LATER);

        Outcome failed = upgrade("--jar", b);

        assertThat(failed.code()).isEqualTo(1);
        // Its output was committed with it: from the savepoint, it would be written a second time.
        assertThat(cluster.told)
                .filteredOn(what -> what.startsWith("run"))
                .last()
                .asString()
                .startsWith("run at 2 from file:/checkpoints/");
    }

    @Test
    void ifNeitherVersionRunsTheStateIsNamedAndTheSameCommandGoesOn() {
        submit();
        cluster.fates.addAll(List.of(Fate.FAILS, Fate.FAILS));

        Outcome failed = upgrade("--jar", b);

        assertThat(failed.code()).isEqualTo(3);
        assertThat(failed.err()).contains("NOTHING RUNS", "file:/savepoints/savepoint-1", "deploy/rollback");
        assertThat(cluster.running()).isEqualTo("none");

        cluster.told.clear();
        cluster.forget();
        Outcome again = upgrade("--jar", b);
        assertThat(again.code()).isZero();
        assertThat(cluster.told).contains("run at 2 from file:/savepoints/savepoint-1: " + SERVERS);
    }

    @Test
    void tradesThatAreParkedNoMoreAreNotMissing() {
        assertThat(submit().out()).contains("totals {trades_in=1000, parked=7}");

        Outcome upgraded = upgrade("--jar", b);

        assertThat(upgraded.code()).isZero();
        assertThat(upgraded.out())
                .contains("its totals are {trades_in=1000, parked=7}", "no failure, totals {trades_in=1000, parked=0}");
    }

    @Test
    void aVersionWithoutItsStateIsCancelledAndNothingIsStartedForIt() {
        submit();
        cluster.fates.add(Fate.LOSES);

        Outcome failed = upgrade("--jar", b);

        assertThat(failed.code()).isEqualTo(3);
        assertThat(failed.err()).contains("totals are lower than before the stop, by {trades_in=1000}", "NOTHING RUNS");
        assertThat(cluster.running()).isEqualTo("none");
    }

    @Test
    void aJobThatTheRecordDoesNotKnowIsLeftAlone() {
        String job = cluster.submitElsewhere();

        Outcome unknown = upgrade("--jar", b);

        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("the job " + job + " runs, but was not deployed with the record");
        assertThat(cluster.told).isEmpty();
    }

    @Test
    void twoCommandsDoNotWorkOnOneRecord() throws Exception {
        try (DeploymentRecord open = DeploymentRecord.open(record, URI.create(cluster.url()))) {
            assertThat(open.latestFirst()).isEmpty();
            Outcome second = submit();
            assertThat(second.code()).isEqualTo(1);
            assertThat(second.err()).contains("another command is at work with the record");
        }
    }

    // ---- what was committed is never written again ----

    /** The last of what a job was started from. */
    private String lastStart() {
        List<String> starts =
                cluster.told.stream().filter(what -> what.startsWith("run")).toList();
        return starts.get(starts.size() - 1);
    }

    @Test
    void whatAJobManagerHasTakenOverHasCompletedWhatItWasRestoredFrom() {
        submit();
        upgrade("--jar", b);
        String broken = cluster.running();
        cluster.failOver();
        cluster.breakDown("poison");
        cluster.noSavepoints = "not all tasks run";

        assertThat(run("rollback").code()).isZero();
        assertThat(lastStart()).isEqualTo("run at 2 from file:/checkpoints/" + broken + "/chk-1: " + SERVERS);
    }

    @Test
    void theOldVersionGoesOnFromWhereANewOneHadComeThatWasTakenOver() {
        submit();
        cluster.fates.add(Fate.FAILS_AND_FAILS_OVER);

        assertThat(upgrade("--jar", b).code()).isEqualTo(1);
        assertThat(lastStart()).startsWith("run at 2 from file:/checkpoints/");
    }

    @Test
    void aJobManagerThatTakesOverIsAskedAgain() {
        submit();
        cluster.initializing = 3;

        assertThat(upgrade("--jar", b).code()).isZero();
        assertThat(cluster.told).doesNotContain("cancel");
    }

    @Test
    void whereAForgottenJobHadComeIsNotGuessed() {
        submit();
        upgrade("--jar", b);
        cluster.forget();
        cluster.told.clear();

        for (Outcome refused : List.of(rescale("3"), run("rollback"), submit())) {
            assertThat(refused.code()).isEqualTo(3);
            assertThat(refused.err())
                    .contains("the cluster has forgotten how far the job", "b.jar", "deploy/submit --from")
                    .contains("savepoint-", "chk-");
        }
        assertThat(cluster.told).isEmpty();
    }

    @Test
    void aSavepointInPassingCommitsNothing() throws Exception {
        submit();
        upgrade("--jar", b);
        String broken = cluster.running();
        job(broken).savepoint(SAVEPOINTS);
        cluster.noSavepoints = "not all tasks run";

        assertThat(run("rollback").code()).isZero();
        assertThat(lastStart()).startsWith("run at 2 from file:/checkpoints/" + broken);
    }

    @Test
    void whatRunsAlreadyIsNotStartedAnew() {
        submit();

        Outcome same = run("rollback", "--rollback.to", "1");

        assertThat(same.code()).isEqualTo(1);
        assertThat(same.err()).contains("nothing is to be changed");
    }

    @Test
    void aSavepointOfTheStopCountsThoughTheJobDidNotEndWell() {
        submit();
        cluster.failsAtTheEnd = true;

        Outcome upgraded = upgrade("--jar", b);

        assertThat(upgraded.code()).isZero();
        assertThat(upgraded.out()).contains("a task was lost while it finished");
        assertThat(lastStart()).isEqualTo("run at 2 from file:/savepoints/savepoint-1: " + SERVERS);
    }

    @ParameterizedTest
    @EnumSource(names = {"ARRIVES_LATE", "COMES_THOUGH_REFUSED"})
    void aJobThatCameThoughItsStartWasAnsweredBadlyIsNotStartedTwice(Fate fate) {
        submit();
        cluster.fates.add(fate);

        assertThat(upgrade("--jar", b).code()).isZero();
        assertThat(cluster.told).filteredOn(what -> what.startsWith("run")).hasSize(2);
    }

    @Test
    void aSubmitWaitsForTheJobOfAnEarlierOneThatWasBrokenOff() throws Exception {
        String late = cluster.submitElsewhere();
        cluster.comesLate(late);
        asked(late, Instant.now());

        Outcome second = run("submit", "--jar", a, "--fresh", "true", "--", "--kafka.bootstrap.servers", "k:9092");

        assertThat(second.code()).isEqualTo(1);
        assertThat(second.out()).contains("Waits whether a job still comes");
        assertThat(second.err()).contains("a job job is there already: " + late);
    }

    @Test
    void whatWasAskedForLongAgoMayHaveComeAndGone() throws Exception {
        submit();
        upgrade("--jar", b);
        job(cluster.running()).stop(SAVEPOINTS);
        asked("f".repeat(32), Instant.now().minus(Duration.ofMinutes(30)));

        // The cluster would still know it.
        assertThat(rescale("3").code()).isZero();

        job(cluster.running()).stop(SAVEPOINTS);
        asked("e".repeat(32), Instant.now().minus(Duration.ofHours(2)));

        Outcome refused = rescale("2");
        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err()).contains("the cluster has forgotten how far the job " + "e".repeat(32));
    }

    @Test
    void whileNobodyAnswersNobodySaysThatTheOldVersionRuns() {
        submit();
        cluster.fates.add(Fate.FAILS_AND_THE_CLUSTER_TOO);

        Outcome lost = upgrade("--jar", b, "--cluster.timeout", "500 ms");

        assertThat(lost.code()).isEqualTo(3);
        assertThat(lost.err()).contains("cannot answer", "was to be ended. The same command again");
    }

    @Test
    void aFirstStartThatFailsLeavesWhatItHasDoneToTheNext() {
        cluster.fates.add(Fate.FAILS_LATER);

        Outcome failed = submit();
        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).contains("What it has done so far is in file:/checkpoints/");

        Outcome again = submit();
        assertThat(again.code()).isEqualTo(1);
        assertThat(again.err()).contains("its state is in file:/checkpoints/", "--from", "--fresh true");

        String[] arguments = {"--jar", a, "--fresh", "true", "--", "--kafka.bootstrap.servers", "k:9092"};
        assertThat(run("submit", arguments).code()).isZero();
        assertThat(lastStart()).isEqualTo("run at 2 from nothing: " + SERVERS);
    }

    @Test
    void aStartFromASavepointThatFailsIsGoneOnWithFromThere() {
        submit();
        cluster.fates.add(Fate.FAILS);
        cluster.breakDown("poison");
        cluster.forget();

        Outcome failed =
                run("submit", "--jar", b, "--from", "file:/found", "--", "--kafka.bootstrap.servers", "k:9092");
        assertThat(failed.code()).isEqualTo(1);

        assertThat(upgrade("--jar", b).code()).isZero();
        assertThat(lastStart()).isEqualTo("run at 2 from file:/found: " + SERVERS);
    }

    @Test
    void aVersionSentBackInTimeThatFailsGivesWayToTheStateOfNow() {
        submit();
        upgrade("--jar", b);
        cluster.fates.add(Fate.FAILS_LATER);

        Outcome failed = run("rollback", "--rollback.to-savepoint", "true", "--rollback.accept-repetitions", "true");

        assertThat(failed.code()).isEqualTo(1);
        assertThat(lastStart()).isEqualTo("run at 2 from file:/savepoints/savepoint-2: " + SERVERS);
    }

    @Test
    void aStartThatWasBrokenOffAndDoesNotHoldGivesWayToWhatHeldBefore() throws Exception {
        submit();
        upgrade("--parallelism", "1");
        String held = cluster.running();
        job(held).stop(SAVEPOINTS);
        String broken = cluster.submitElsewhere();
        begun(broken, 3);
        cluster.breakDown("poison");

        Outcome failed = rescale("3");

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).contains("poison", "What ran before runs again");
        assertThat(lastStart()).isEqualTo("run at 1 from file:/checkpoints/" + broken + "/chk-1: " + SERVERS);
    }

    @Test
    void aClusterThatDeletesCheckpointsWithTheJobIsRefused() {
        submit();
        cluster.retention = "DELETE_ON_CANCELLATION";
        cluster.told.clear();

        Outcome refused = upgrade("--jar", b);

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .contains("the cluster deletes a job's checkpoints", "Nothing was changed", "RETAIN_ON_CANCELLATION");
        assertThat(cluster.told).isEmpty();
    }

    @Test
    void whatIsRefusedWhileNothingRunsSaysSo() {
        submit();
        cluster.fates.addAll(List.of(Fate.FAILS, Fate.FAILS));
        upgrade("--jar", b);

        Outcome refused = rescale("5");

        assertThat(refused.code()).isEqualTo(3);
        assertThat(refused.err())
                .contains("parallelism 5 needs 5 slots", "Nothing runs", "file:/savepoints/savepoint-1");
    }

    @Test
    void stateMayBeLeftBehindIfThatIsSaid() {
        submit();

        assertThat(upgrade("--jar", b, "--allow-non-restored-state", "true").code())
                .isZero();
        assertThat(lastStart()).endsWith(", whatever it cannot restore");
    }

    @Test
    void anAddressWithAPasswordIsRefused() {
        Outcome refused = run("rollback", "--cluster.url", "http://ops:hunter2@flink:8081");

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .contains("cluster.url has a user's name in it")
                .doesNotContain("hunter2");
    }

    // ---- preflight ----

    @Test
    void aSavepointThatIsElsewhereIsNoPreflightAndNothingIsStopped() {
        submit();
        cluster.told.clear();

        Outcome failed = run("upgrade", "--jar", b);

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).contains("cannot be read from this machine", "--upgrade.preflight false");
        assertThat(cluster.told).containsExactly("savepoint CANONICAL", "dispose file:/savepoints/savepoint-1");
    }

    @Test
    void aJarThatCannotTellIsNotStarted() throws Exception {
        submit();
        cluster.told.clear();
        cluster.folder = folder.toUri().toString();
        Files.createDirectories(folder.resolve("savepoint-1"));
        Files.createFile(folder.resolve("savepoint-1/_metadata"));

        Outcome failed = run("upgrade", "--jar", b);

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).contains("b.jar", "Nothing was changed");
        assertThat(cluster.told).noneMatch(what -> what.startsWith("stop"));
    }

    // ---- rescale ----

    @Test
    void rescaleKeepsJarAndSettings() {
        submit();

        assertThat(rescale("3").code()).isZero();
        assertThat(cluster.told).contains("run at 3 from file:/savepoints/savepoint-1: " + SERVERS);
    }

    @Test
    void whatCannotBeScaledIsRefusedBeforeAnythingIsStopped() {
        submit();
        cluster.told.clear();

        Outcome slots = rescale("5");
        cluster.slots = 1_000;
        Outcome most = rescale("129");
        Outcome same = rescale("2");

        assertThat(slots.err()).contains("parallelism 5 needs 5 slots").contains("has 4");
        assertThat(most.err()).contains("parallelism 129 is more than 128, the job's max parallelism");
        assertThat(same.err()).contains("nothing is to be changed");
        assertThat(run("rescale").code()).isEqualTo(2);
        assertThat(cluster.told).isEmpty();
    }

    @Test
    void aRescaleThatWasBrokenOffGoesOnFromWhereTheClusterStopped() throws Exception {
        submit();
        // Stopped, but the command was ended before it heard of it.
        job(cluster.running()).stop(SAVEPOINTS);

        Outcome goesOn = rescale("3");

        assertThat(goesOn.code()).isZero();
        assertThat(goesOn.out()).contains("Nothing runs");
        assertThat(cluster.told).contains("run at 3 from file:/savepoints/savepoint-1: " + SERVERS);
    }

    @Test
    void aStartThatWasBrokenOffBeforeItReachedTheClusterIsMadeAnew() throws Exception {
        submit();
        upgrade("--parallelism", "3");
        String stopped = cluster.running();
        Version version = begun("f".repeat(32), 3);
        assertThat(version.parallelism()).isEqualTo(3);
        job(stopped).stop(SAVEPOINTS);

        Outcome goesOn = run("rescale", "--parallelism", "4");

        assertThat(goesOn.code()).isZero();
        assertThat(goesOn.out()).doesNotContain("Waits whether a job still comes");
        assertThat(cluster.told).contains("run at 4 from file:/savepoints/savepoint-2: " + SERVERS);
    }

    @Test
    void aStartThatWasBrokenOffAfterItReachedTheClusterIsWatched() throws Exception {
        begun(cluster.submitElsewhere());

        Outcome goesOn = rescale("2");

        assertThat(goesOn.code()).isZero();
        assertThat(goesOn.out()).contains("whose start was broken off", "It runs");
        assertThat(rescale("2").code()).isEqualTo(1);
    }

    private RunningJob job(String id) {
        return new RunningJob(new ClusterClient(URI.create(cluster.url()), Duration.ofSeconds(5)), id);
    }

    /** As a command leaves it that is ended while it starts a job. */
    private void asked(String job, Instant when) throws Exception {
        begun(job);
        Path lines = record.resolve("deployments.jsonl");
        int number = Files.readString(lines).split("\"starts\"", -1).length - 1;
        Files.writeString(
                lines,
                "{\"time\":\"" + when + "\",\"event\":\"asked\",\"deployment\":" + number + "}\n",
                StandardOpenOption.APPEND);
    }

    private Version begun(String job) throws Exception {
        return begun(job, 2);
    }

    private Version begun(String job, int parallelism) throws Exception {
        try (DeploymentRecord open = DeploymentRecord.open(record, URI.create(cluster.url()))) {
            Version version = open.latestFirst().isEmpty()
                    ? new Version(open.jars().keep(Path.of(a)), Map.of(), 2)
                    : open.latestFirst().get(0).version().with(parallelism);
            open.starts(job, version, null);
            return version;
        }
    }

    // ---- rollback ----

    @Test
    void rollbackTakesTheVersionOfBeforeAndTheStateOfNow() {
        submit();
        upgrade("--jar", b, "--parallelism", "3", "--", "--dedup.retention", "2 h");

        Outcome back = run("rollback");

        assertThat(back.code()).isZero();
        assertThat(cluster.told)
                .filteredOn(what -> what.startsWith("run"))
                .last()
                .isEqualTo("run at 2 from file:/savepoints/savepoint-2: " + SERVERS);
    }

    @Test
    void aBrokenJobIsCancelledAndItsLastCheckpointTaken() {
        submit();
        upgrade("--jar", b);
        String broken = cluster.running();
        cluster.breakDown("poison");
        cluster.noSavepoints = "not all tasks run";

        Outcome back = run("rollback");

        assertThat(back.code()).isZero();
        assertThat(cluster.told).contains("cancel");
        assertThat(cluster.told)
                .filteredOn(what -> what.startsWith("run"))
                .last()
                .isEqualTo("run at 2 from file:/checkpoints/" + broken + "/chk-1: " + SERVERS);
    }

    @Test
    void rollbackGoesToAnotherVersionThoughTheSameOneHasHeldBefore() {
        submit();
        upgrade("--jar", b);
        cluster.fates.add(Fate.FAILS);
        upgrade("--parallelism", "3");

        assertThat(run("rollback").out()).contains("Rolled back: a.jar");
        assertThat(run("rollback").out()).contains("Rolled back: b.jar");
    }

    @Test
    void goingBackInTimeHasToBeSaidTwice() {
        submit();
        upgrade("--jar", b);

        Outcome unsaid = run("rollback", "--rollback.to-savepoint", "true");
        assertThat(unsaid.code()).isEqualTo(2);
        assertThat(unsaid.err()).contains("file:/savepoints/savepoint-1", "written a second time");

        Outcome said = run("rollback", "--rollback.to-savepoint", "true", "--rollback.accept-repetitions", "true");
        assertThat(said.code()).isZero();
        assertThat(cluster.told)
                .filteredOn(what -> what.startsWith("run"))
                .last()
                .isEqualTo("run at 2 from file:/savepoints/savepoint-1: " + SERVERS);
    }

    @Test
    void thereIsNothingBeforeTheFirstDeploymentAndNoneOfANumberThatIsNot() {
        Outcome empty = run("rollback");
        submit();
        Outcome first = run("rollback");
        Outcome number = run("rollback", "--rollback.to", "7");

        assertThat(empty.err()).contains("nothing was deployed yet with the record");
        assertThat(first.err()).contains("there is nothing to go back to");
        assertThat(number.err()).isEqualTo("rollback.to is 7, but the record has the deployments 1 to 1\n");
    }

    @Test
    void aJarThatWasChangedInTheRecordIsNotStarted() throws Exception {
        submit();
        upgrade("--jar", b);
        try (Stream<Path> jars = Files.list(folder.resolve("record/jars"))) {
            for (Path jar : jars.toList()) {
                Files.writeString(jar, "other");
            }
        }

        Outcome back = run("rollback");

        assertThat(back.code()).isEqualTo(1);
        assertThat(back.err()).contains("a.jar", "was changed there");
        assertThat(cluster.told).filteredOn(what -> what.startsWith("stop")).hasSize(1);
    }

    private Outcome submit() {
        return run("submit", "--jar", a, "--", "--kafka.bootstrap.servers", "k:9092");
    }

    private Outcome upgrade(String... arguments) {
        return run(
                "upgrade",
                Stream.concat(Stream.of("--upgrade.preflight", "false"), Stream.of(arguments))
                        .toArray(String[]::new));
    }

    private Outcome rescale(String parallelism) {
        return run("rescale", "--parallelism", parallelism);
    }

    private Outcome run(String command, String... arguments) {
        List<String> all = new ArrayList<>(
                List.of(arguments).contains("--cluster.url") ? List.of() : List.of("--cluster.url", cluster.url()));
        all.addAll(List.of("--cluster.record", record.toString()));
        all.addAll(List.of("--verify.for", "1 ms", "--verify.timeout", "1 ms"));
        all.addAll(List.of(arguments));
        PrintStream out = System.out;
        PrintStream err = System.err;
        var said = new ByteArrayOutputStream();
        var complained = new ByteArrayOutputStream();
        try {
            System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
            System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
            int code = command(command).run(all.toArray(String[]::new));
            return new Outcome(
                    code, said.toString(StandardCharsets.UTF_8), complained.toString(StandardCharsets.UTF_8));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    /** A part of what the job's main checks. */
    private static void check(Settings settings) {
        settings.bind(JobConfig::from);
        settings.bind(RegistryConfig::from);
    }

    private static Command command(String name) {
        return switch (name) {
            case "submit" -> Submit.command("job", JOB, DeployTest::check);
            case "upgrade" -> Upgrade.command("job", JOB, DeployTest::check);
            case "rescale" -> Rescale.command("job");
            default -> Rollback.command("job");
        };
    }
}
