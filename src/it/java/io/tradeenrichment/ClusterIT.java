package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tradeenrichment.Workload.Verdict;
import io.tradeenrichment.process.FlinkCluster;
import io.tradeenrichment.process.FlinkJob;
import io.tradeenrichment.process.KafkaBroker;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar on a real cluster between topics of a real broker, every one of them a process of its own. */
class ClusterIT {
    private static final int TRADES = 60_000;
    private static final int PER_SECOND = 5_000;
    private static final int FEW_TRADES = 2_000;
    private static final Path JAR = Path.of(System.getProperty("shaded.jar"));

    private static KafkaBroker broker;
    private static FlinkCluster cluster;

    @TempDir
    private Path folder;

    @BeforeAll
    static void start() throws Exception {
        broker = KafkaBroker.start();
        cluster = FlinkCluster.start(2, TradingDay.settings(Map.of()));
    }

    @AfterAll
    static void stop() throws Exception {
        cluster.close();
        broker.close();
    }

    @Test
    void everyTradeIsWrittenOnceThoughATaskManagerIsKilledInMidFlow() throws Exception {
        try (TradingDay day = new TradingDay(broker, TRADES)) {
            FlinkJob job = cluster.submit(JAR, day.arguments());
            await().atMost(TradingDay.PATIENCE).until(job::isAllRunning);
            day.open(PER_SECOND);
            day.awaitMore();
            Recovery recovery =
                    Recovery.of(day, () -> cluster.killTaskManager(1), () -> job.restores() > 0 && job.isAllRunning());
            cluster.startTaskManager();
            day.sendTheRest();
            day.assertTotals(job);
            assertThat(job.restarts()).isPositive();
            job.stop(folder);

            Verdict verdict = day.verdict();
            System.out.printf("A TaskManager killed: %s: %s%n", recovery, verdict);
            assertThat(verdict).matches(Verdict::isExact);
            cluster.awaitTaskManagers();
        }
    }

    @Test
    void whatTheWebUiSubmitsFindsItsSettingsBesideTheClusters() throws Exception {
        try (TradingDay day = new TradingDay(broker, FEW_TRADES)) {
            cluster.settle(day.arguments());
            FlinkJob job = cluster.upload(JAR, List.of());
            day.sendTheRest();
            day.assertTotals(job);
            job.stop(folder);
            assertThat(day.verdict()).matches(Verdict::isExact);
        }
    }
}
