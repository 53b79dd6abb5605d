package io.tradeenrichment.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.cli.deploy.StubCluster.Behavior;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.configuration.CheckpointingOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubmitTest extends OnStubCluster {

    @Test
    void submitsAtTheClustersParallelismAndDeletesTheJar() throws Exception {
        Outcome submitted = submit();

        assertThat(submitted.code()).isZero();
        assertThat(submitted.out()).contains("Flink 2.2.1", "4 of 4 slots free", cluster.running());
        assertThat(cluster.requests).containsExactly("upload", "run at 2 from nothing: " + SERVERS, "delete");
        assertThat(deployments()).singleElement().matches(Deployment::wasStable);
    }

    @Test
    void sendsASettingsFileAsArguments() throws Exception {
        Path file = Files.writeString(
                folder.resolve("job.yaml"), "kafka:\n  bootstrap.servers: k:9092\ndedup.retention: 2 h\n");

        assertThat(run("submit", "--jar", a, "--", "--config", file.toString(), "--dedup.retention", "3 h")
                        .code())
                .isZero();
        assertThat(cluster.lastStart())
                .isEqualTo("run at 2 from nothing: --kafka.bootstrap.servers k:9092 --dedup.retention 3 h");
    }

    @Test
    void refusesASecretAsAnArgument() {
        Outcome plain = run("submit", "--jar", a, "--", "--kafka.client.ssl.key.password", "hunter2");
        Outcome login =
                run("submit", "--jar", a, "--", "--kafka.client.sasl.jaas.config", "X required password=\"hunter2\";");
        Outcome reference = run(
                "submit", "--jar", a, "--", "--kafka.client.sasl.jaas.config", "X required password=\"${file:/a:b}\";");

        assertThat(plain.code()).isEqualTo(2);
        assertThat(plain.err())
                .contains("kafka.client.ssl.key.password is a secret", "${file:")
                .doesNotContain("hunter2");
        assertThat(login.code()).isEqualTo(2);
        assertThat(login.err()).contains("is a secret").doesNotContain("hunter2");
        assertThat(reference.code()).isZero();
    }

    @Test
    void refusesASettingThatTheJobDoesNotHave() {
        Outcome refused = run("submit", "--jar", a, "--", "--dedup.retentoin", "1 h");

        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).isEqualTo("dedup.retentoin is not a known key; did you mean dedup.retention?\n");
        assertThat(cluster.requests).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '>', textBlock = """
            --wire.framing confluent > registry.url is not set
            --join.wait.timeout 2h --dedup.retention 1h > dedup.retention is shorter than join.wait.timeout
            """)
    void refusesContradictorySettingsBeforeItRecordsAnything(String settings, String sentence) {
        Outcome submitted = run("submit", ("--jar " + a + " -- " + SERVERS + " " + settings).split(" "));

        assertThat(submitted.code()).isEqualTo(2);
        assertThat(submitted.err()).startsWith(sentence);
        assertThat(cluster.requests).isEmpty();
        assertThat(record.resolve("deployments.jsonl")).doesNotExist();
    }

    @Test
    void namesTheLineOfASettingsFileThatCannotBeUsed() throws Exception {
        Path file = Files.writeString(folder.resolve("my.yaml"), "dedup.retention: 1 h\njoin.wait.then: wait\n");

        Outcome submitted = run("submit", "--jar", a, "--", "--config", file.toString());

        assertThat(submitted.code()).isEqualTo(2);
        assertThat(submitted.err()).startsWith(file + ", line 2: join.wait.then is wait");
        assertThat(record.resolve("deployments.jsonl")).doesNotExist();
    }

    @Test
    void acceptsFilesThatOnlyTheJobManagerHas() {
        String settings = "--jar " + a + " -- " + SERVERS + " --wire.writer-schemas /on/the/jobmanager";

        assertThat(run("submit", settings.split(" ")).code()).isZero();
    }

    @Test
    void reportsTheSentenceOfMain() throws Exception {
        cluster.nextJobs.add(Behavior.REFUSED);

        Outcome refused = submit();

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).isEqualTo("the job failed: there is no topic nowhere\n");
        assertThat(cluster.requests).last().isEqualTo("delete");
        assertThat(deployments()).singleElement().extracting(Deployment::state).isEqualTo(Deployment.State.FAILED);
    }

    @Test
    void refusesASecondJobOfTheName() {
        submit();

        Outcome second = submit();
        record = folder.resolve("another");
        Outcome ownRecord = submit();

        assertThat(second.code()).isEqualTo(1);
        assertThat(second.err()).contains("the job is already on the cluster: ", cluster.running(), "deploy/upgrade");
        assertThat(ownRecord.code()).isEqualTo(1);
        assertThat(ownRecord.err()).isEqualTo(second.err());
    }

    @Test
    void refusesAClusterThatDeletesCheckpointsOfCancelledJobs() {
        cluster.configuration.removeConfig(CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION);

        Outcome refused = submit();

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.err()).contains("deletes those of a cancelled job", "RETAIN_ON_CANCELLATION");
        assertThat(cluster.requests).isEmpty();
    }

    @Test
    void cancelsAJobThatFailsAndReportsTheCause() {
        cluster.nextJobs.add(Behavior.FAILS);

        Outcome failed = submit();

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).isEqualTo("the job failed: the disk is full\n");
        assertThat(cluster.requests).last().isEqualTo("cancel");
    }

    @Test
    void waitsForLoadingTasksUntilTheTimeout() {
        cluster.nextJobs.add(Behavior.LOADS);

        Outcome failed = submit("--start.timeout", "1 s");

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.err()).contains("not every task ran within 1 s");
    }

    @Test
    void startsNoSecondJobAfterALostAnswer() {
        cluster.nextJobs.add(Behavior.UNANSWERED);

        assertThat(submit().code()).isZero();
        assertThat(cluster.requests)
                .filteredOn(request -> request.startsWith("run"))
                .hasSize(1);
    }

    @Test
    void continuesFromTheStateOfAFirstStartThatFailed() throws Exception {
        cluster.nextJobs.add(Behavior.FAILS_AFTER_CHECKPOINT);

        Outcome failed = submit();
        String first = deployments().get(0).job();
        Outcome again = submit();

        assertThat(failed.code()).isEqualTo(1);
        assertThat(failed.out()).contains("the last state is file:/checkpoints/" + first);
        assertThat(again.code()).isZero();
        assertThat(cluster.lastStart()).isEqualTo("run at 2 from file:/checkpoints/" + first + "/chk-1: " + SERVERS);
    }

    @Test
    void startsEmptyOnRequestAlthoughTheRecordHasAState() {
        submit();
        cluster.takeSavepoint(true);

        assertThat(submit("--fresh", "true").code()).isZero();
        assertThat(cluster.lastStart()).isEqualTo("run at 2 from nothing: " + SERVERS);
    }

    @Test
    void leavesTheStateOfAStartThatFailedToTheNext() {
        submit();
        cluster.forgetJobs();
        cluster.nextJobs.add(Behavior.FAILS);

        Outcome failed = submit("--from", "file:/found");

        assertThat(failed.code()).isEqualTo(1);
        assertThat(upgrade("--jar", b).code()).isZero();
        assertThat(cluster.lastStart()).isEqualTo("run at 2 from file:/found: " + SERVERS);
    }
}
