package io.tradeenrichment.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.cli.deploy.Deployment.State;
import io.tradeenrichment.cli.deploy.StubCluster.Behavior;
import java.nio.file.Files;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class UpgradeTest extends OnStubCluster {

    @Test
    void changesWhatIsSetAndStartsFromTheSavepointOfTheStop() {
        submit();
        cluster.requests.clear();

        Outcome upgraded = upgrade("--jar", b, "--parallelism", "3", "--", "--dedup.retention", "2 h");

        assertThat(upgraded.code()).isZero();
        assertThat(cluster.requests)
                .containsExactly(
                        "stop CANONICAL",
                        "upload",
                        "run at 3 from file:/savepoints/savepoint-1: " + SERVERS + " --dedup.retention 2 h",
                        "delete");
    }

    @Test
    void checksNewSettingsTogetherWithTheRecordedOnes() throws Exception {
        String confluent = " --wire.framing confluent --registry.url http://registry:1";
        run("submit", ("--jar " + a + " -- " + SERVERS + confluent).split(" "));
        List<String> recorded = Files.readAllLines(record.resolve("deployments.jsonl"));
        String job = cluster.running();
        cluster.requests.clear();

        Outcome refused = upgrade("--jar", b, "--", "--wire.framing", "single-object");

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err())
                .startsWith("the settings of deployment 1 with the new ones: registry.url is set, but wire.framing is"
                        + " single-object");
        assertThat(cluster.requests).isEmpty();
        assertThat(cluster.running()).isEqualTo(job);
        assertThat(Files.readAllLines(record.resolve("deployments.jsonl"))).isEqualTo(recorded);
        assertThat(record.resolve("jars").toFile().list())
                .as("the jar of deployment 1")
                .hasSize(1);
        assertThat(upgrade("--jar", b, "--", "--dedup.retention", "3 h").code()).isZero();
    }

    @Test
    void refusesAnUpgradeThatChangesNothing() {
        submit();

        Outcome same = upgrade("--jar", a);

        assertThat(same.code()).isEqualTo(1);
        assertThat(same.err()).contains("nothing to change");
    }

    @Test
    void changesNothingIfTheSavepointFails() {
        submit();
        String job = cluster.running();
        cluster.savepointFailure = "no space left on device";

        Outcome failed = upgrade("--jar", b);

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).contains("no space left on device", "Nothing was changed", job + " is RUNNING");
        assertThat(cluster.running()).isEqualTo(job);
    }

    @Test
    void namesTheMissingFolderForSavepoints() {
        submit();
        cluster.folder = "";

        assertThat(upgrade("--jar", b).err()).contains("execution.checkpointing.savepoint-dir", "Nothing was changed");
        assertThat(upgrade("--jar", b, "--savepoint.dir", "file:/elsewhere").code())
                .isZero();
    }

    @Test
    void findsTheSavepointAfterALostAnswer() {
        submit();
        cluster.losesNextAnswer = true;

        assertThat(upgrade("--jar", b).code()).isZero();
        assertThat(cluster.lastStart()).isEqualTo("run at 2 from file:/savepoints/savepoint-1: " + SERVERS);
    }

    @ParameterizedTest
    @EnumSource(names = {"REFUSED", "FAILS"})
    void rollsBackToTheOldVersionFromTheSameSavepoint(Behavior behavior) throws Exception {
        submit();
        cluster.nextJobs.add(behavior);

        Outcome failed = upgrade("--jar", b, "--parallelism", "3");

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err())
                .contains(behavior == Behavior.FAILS ? "the disk is full" : "there is no topic nowhere")
                .contains("It was rolled back: deployment 3, a.jar", "runs as job " + cluster.running());
        assertThat(cluster.lastStart()).isEqualTo("run at 2 from file:/savepoints/savepoint-1: " + SERVERS);
        assertThat(deployments())
                .extracting(Deployment::state)
                .containsExactly(State.STABLE, State.ROLLED_BACK, State.STABLE);
    }

    @Test
    void rollsBackToTheLastCheckpointOfTheNewVersion() {
        submit();
        cluster.nextJobs.add(Behavior.FAILS_AFTER_CHECKPOINT);

        Outcome failed = upgrade("--jar", b);

        assertThat(failed.code()).isEqualTo(1);
        // The output was committed with it: from the savepoint, it would be written twice.
        assertThat(cluster.lastStart()).startsWith("run at 2 from file:/checkpoints/");
    }

    @Test
    void continuesFromTheLastStateIfNeitherVersionRuns() throws Exception {
        submit();
        cluster.nextJobs.addAll(List.of(Behavior.FAILS, Behavior.FAILS));

        Outcome failed = upgrade("--jar", b);

        assertThat(failed.code()).isEqualTo(3);
        assertThat(failed.err()).contains("NO JOB RUNS", "file:/savepoints/savepoint-1", "deploy/rollback");
        assertThat(cluster.running()).isEqualTo("none");
        assertThat(deployments())
                .extracting(Deployment::state)
                .containsExactly(State.FAILED, State.FAILED, State.STABLE);

        cluster.forgetJobs();
        assertThat(upgrade("--jar", b).code()).isZero();
        assertThat(cluster.lastStart()).isEqualTo("run at 2 from file:/savepoints/savepoint-1: " + SERVERS);
    }

    @Test
    void leavesAJobAloneThatIsNotInTheRecord() {
        String job = cluster.submitElsewhere();

        Outcome unknown = upgrade("--jar", b);

        assertThat(unknown.code()).isEqualTo(1);
        assertThat(unknown.err()).contains("does not match the jobs that run: [" + job);
        assertThat(cluster.requests).isEmpty();
    }

    @Test
    void repeatsRequestsWhileAJobManagerRecoversItsJobs() {
        submit();
        cluster.unavailableRequests = 3;

        assertThat(upgrade("--jar", b).code()).isZero();
        assertThat(cluster.requests).doesNotContain("cancel");
    }

    @ParameterizedTest
    @EnumSource(names = {"SUBMITTED_LATE", "SUBMITTED_BUT_REFUSED"})
    void doesNotStartAJobTwiceThatIsSubmittedAfterAFailedRequest(Behavior behavior) {
        submit();
        cluster.nextJobs.add(behavior);

        assertThat(upgrade("--jar", b).code()).isZero();
        assertThat(cluster.requests)
                .filteredOn(request -> request.startsWith("run"))
                .hasSize(2);
    }

    @Test
    void doesNotReportAJobWhoseStateIsUnknown() {
        submit();
        cluster.nextJobs.add(Behavior.FAILS_AND_CLUSTER_UNAVAILABLE);

        Outcome lost = upgrade("--jar", b, "--cluster.timeout", "500 ms");

        assertThat(lost.code()).isEqualTo(3);
        assertThat(lost.err()).contains("does not answer", "is being cancelled. The same command again");
    }

    @Test
    void refusesAClusterThatDeletesCheckpointsOfCancelledJobs() {
        submit();
        cluster.configuration.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.DELETE_ON_CANCELLATION);
        cluster.requests.clear();

        Outcome refused = upgrade("--jar", b);

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err())
                .contains("deletes those of a cancelled job", "Nothing was changed", "RETAIN_ON_CANCELLATION");
        assertThat(cluster.requests).isEmpty();
    }

    @Test
    void allowsNonRestoredStateIfItIsSet() {
        submit();

        assertThat(upgrade("--jar", b, "--allow-non-restored-state", "true").code())
                .isZero();
        assertThat(cluster.lastStart()).endsWith(", non-restored state is allowed");
    }
}
