package io.tradeenrichment.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.Workload.Result;
import io.tradeenrichment.WorkloadRun;
import io.tradeenrichment.process.Broker;
import io.tradeenrichment.process.ClassResource;
import io.tradeenrichment.process.Disk;
import io.tradeenrichment.process.FlinkCluster;
import io.tradeenrichment.process.FlinkJob;
import io.tradeenrichment.process.ZooKeeper;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The jar on a highly available cluster under load, while a JobManager, the broker or the checkpoint storage fails. */
class RecoveryIT {
    private static final int TRADES = 40_000;
    private static final int PER_SECOND = 2_000;
    /** Tolerable failed checkpoints, as in {@code conf/flink.yaml}. */
    private static final int TOLERABLE = 5;

    private static final Path JAR = Path.of(System.getProperty("shaded.jar"));

    @RegisterExtension
    static final Broker KAFKA = Broker.own();

    @RegisterExtension
    static final ClassResource<ZooKeeper> ZOO_KEEPER = ClassResource.of(ZooKeeper::start);

    @RegisterExtension
    static final ClassResource<Disk> DISK = ClassResource.of(Disk::start);

    @RegisterExtension
    static final ClassResource<FlinkCluster> CLUSTER = ClassResource.of(RecoveryIT::cluster);

    @TempDir
    private Path folder;

    private static FlinkCluster cluster() throws Exception {
        Map<String, String> settings = WorkloadRun.settings(ZOO_KEEPER.get().highAvailability());
        settings.put("execution.checkpointing.dir", DISK.get().folder().toUri().toString());
        return FlinkCluster.start(2, settings);
    }

    @Test
    void writesEveryTradeOnceWhenTheJobManagerIsKilledTwice() throws Exception {
        try (WorkloadRun run = new WorkloadRun(KAFKA, TRADES)) {
            FlinkJob job = startedUnderLoad(run);
            FlinkCluster cluster = CLUSTER.get();
            cluster.startJobManager();
            cluster.awaitJobManagers();
            RecoveryTime standby = RecoveryTime.of(run, cluster::killJobManager, () -> isRestored(job));
            RecoveryTime restarted = RecoveryTime.of(
                    run,
                    () -> {
                        cluster.killJobManager();
                        cluster.startJobManager();
                    },
                    () -> isRestored(job));
            finish(
                    "The JobManager killed, with a standby: " + standby + "; without, restarted: " + restarted,
                    run,
                    job);
        }
    }

    @Test
    void writesEveryTradeOnceWhenTheBrokerIsKilled() throws Exception {
        try (WorkloadRun run = new WorkloadRun(KAFKA, TRADES)) {
            FlinkJob job = startedUnderLoad(run);
            RecoveryTime recovery = RecoveryTime.of(
                    run,
                    () -> {
                        KAFKA.kill();
                        KAFKA.restart();
                    },
                    job::isAllRunning);
            finish("The broker killed and started again: " + recovery + ", " + job.restarts() + " restarts", run, job);
        }
    }

    @Test
    void keepsRunningWithoutOutputWhileCheckpointsCannotBeWritten() throws Exception {
        try (WorkloadRun run = new WorkloadRun(KAFKA, TRADES)) {
            FlinkJob job = startedUnderLoad(run);
            long before = job.failedCheckpoints();
            awaitFailures(job, 2);
            long completed = job.completedCheckpoints();
            int most = run.expectedSoFar();
            awaitFailures(job, 1);
            assertThat(job.completedCheckpoints()).isEqualTo(completed);
            assertThat(run.committed()).isLessThanOrEqualTo(most);
            boolean undisturbed = job.isAllRunning() && job.restarts() == 0;
            assertThat(undisturbed || job.failedCheckpoints() - before > TOLERABLE)
                    .isTrue();
            String reported = job.latestCheckpointFailure();

            // The last complete checkpoint is intact: the job can be restored from it.
            long restores = job.restores();
            CLUSTER.get().startTaskManager();
            CLUSTER.get().killTaskManager(1);
            await().atMost(WorkloadRun.TIMEOUT).until(() -> job.restores() > restores && job.isAllRunning());
            assertThat(run.committed()).isLessThanOrEqualTo(most);

            RecoveryTime recovery = RecoveryTime.of(run, DISK.get()::free, job::isAllRunning);
            finish("Checkpoints on " + DISK.get() + ", \"" + reported + "\": " + recovery, run, job);
        }
    }

    /** Returns when {@code count} more checkpoints have failed for lack of space. */
    private static void awaitFailures(FlinkJob job, int count) throws Exception {
        long before = job.failedCheckpoints();
        await().atMost(WorkloadRun.TIMEOUT).until(() -> {
            DISK.get().fill();
            return job.failedCheckpoints() >= before + count;
        });
    }

    /** A job under load that has completed a checkpoint. */
    private static FlinkJob startedUnderLoad(WorkloadRun run) throws Exception {
        FlinkJob job = CLUSTER.get().submit(JAR, run.arguments());
        await().atMost(WorkloadRun.TIMEOUT).until(job::isAllRunning);
        run.start(PER_SECOND);
        run.awaitMoreOutput();
        return job;
    }

    /** A new leader counts restores from zero. */
    private static boolean isRestored(FlinkJob job) throws Exception {
        return job.restores() > 0 && job.isAllRunning();
    }

    private void finish(String fault, WorkloadRun run, FlinkJob job) throws Exception {
        run.sendRemaining();
        run.assertTotals(job);
        job.stop(folder);
        Result result = run.result();
        System.out.println(fault + ": " + result);
        assertThat(result).matches(Result::isExact);
    }
}
