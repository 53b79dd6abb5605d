package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.Workload.Verdict;
import io.tradeenrichment.process.Disk;
import io.tradeenrichment.process.FlinkCluster;
import io.tradeenrichment.process.FlinkJob;
import io.tradeenrichment.process.KafkaBroker;
import io.tradeenrichment.process.ZooKeeper;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar on a highly available cluster, under load, while what it stands on fails. */
class RecoveryIT {
    private static final int TRADES = 40_000;
    private static final int PER_SECOND = 2_000;
    /** How many checkpoints may fail in a row: what {@code conf/flink.yaml} says. */
    private static final int TOLERABLE = 5;

    private static final Path JAR = Path.of(System.getProperty("shaded.jar"));

    private static KafkaBroker broker;
    private static ZooKeeper zooKeeper;
    private static Disk disk;
    private static FlinkCluster cluster;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start();
        zooKeeper = ZooKeeper.start();
        disk = Disk.start();
        Map<String, String> settings = TradingDay.settings(zooKeeper.highAvailability());
        settings.put("execution.checkpointing.dir", disk.folder().toUri().toString());
        cluster = FlinkCluster.start(2, settings);
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
        zooKeeper.close();
        disk.close();
        broker.close();
    }

    @Test
    void everyTradeIsWrittenOnceThoughTheJobManagerIsKilledTwice() throws Exception {
        try (TradingDay day = new TradingDay(broker, TRADES)) {
            FlinkJob job = opened(day);
            cluster.startJobManager();
            cluster.awaitJobManagers();
            Recovery standingBy = Recovery.of(day, cluster::killJobManager, () -> isRestored(job));
            Recovery alone = Recovery.of(
                    day,
                    () -> {
                        cluster.killJobManager();
                        cluster.startJobManager();
                    },
                    () -> isRestored(job));
            closed("The JobManager killed, another standing by: " + standingBy + "; started again: " + alone, day, job);
        }
    }

    @Test
    void everyTradeIsWrittenOnceThoughTheBrokerIsKilled() throws Exception {
        try (TradingDay day = new TradingDay(broker, TRADES)) {
            FlinkJob job = opened(day);
            Recovery recovery = Recovery.of(
                    day,
                    () -> {
                        broker.kill();
                        broker.restart();
                    },
                    job::isAllRunning);
            closed("The broker killed and started again: " + recovery + ", " + job.restarts() + " restarts", day, job);
        }
    }

    @Test
    void whileCheckpointsCannotBeWrittenTheJobGoesOnAndItsOutputWaits() throws Exception {
        try (TradingDay day = new TradingDay(broker, TRADES)) {
            FlinkJob job = opened(day);
            long before = job.failedCheckpoints();
            awaitFailures(job, 2);
            long completed = job.completedCheckpoints();
            int most = day.sentToEnrich();
            awaitFailures(job, 1);
            assertThat(job.completedCheckpoints()).isEqualTo(completed);
            assertThat(day.committed()).isLessThanOrEqualTo(most);
            boolean goesOn = job.isAllRunning() && job.restarts() == 0;
            assertThat(goesOn || job.failedCheckpoints() - before > TOLERABLE).isTrue();
            String told = job.latestCheckpointFailure();

            // What was written before is whole: the job can even be restored from it.
            long restores = job.restores();
            cluster.startTaskManager();
            cluster.killTaskManager(1);
            await().atMost(TradingDay.PATIENCE).until(() -> job.restores() > restores && job.isAllRunning());
            assertThat(day.committed()).isLessThanOrEqualTo(most);

            Recovery recovery = Recovery.of(day, disk::free, job::isAllRunning);
            closed("Checkpoints on " + disk + ", \"" + told + "\": " + recovery, day, job);
        }
    }

    /** Returns when so many more checkpoints have failed for want of room. */
    private static void awaitFailures(FlinkJob job, int count) throws Exception {
        long before = job.failedCheckpoints();
        await().atMost(TradingDay.PATIENCE).until(() -> {
            disk.fill();
            return job.failedCheckpoints() >= before + count;
        });
    }

    /** A job under load, with a checkpoint to be restored from. */
    private static FlinkJob opened(TradingDay day) throws Exception {
        FlinkJob job = cluster.submit(JAR, day.arguments());
        await().atMost(TradingDay.PATIENCE).until(job::isAllRunning);
        day.open(PER_SECOND);
        day.awaitMore();
        return job;
    }

    /** A JobManager that has just taken over counts from nothing. */
    private static boolean isRestored(FlinkJob job) throws Exception {
        return job.restores() > 0 && job.isAllRunning();
    }

    private void closed(String fault, TradingDay day, FlinkJob job) throws Exception {
        day.sendTheRest();
        day.assertTotals(job);
        job.stop(folder);
        Verdict verdict = day.verdict();
        System.out.println(fault + ": " + verdict);
        assertThat(verdict).matches(Verdict::isExact);
    }
}
