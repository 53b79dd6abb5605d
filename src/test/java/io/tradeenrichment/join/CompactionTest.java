package io.tradeenrichment.join;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.Samples;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionSnapshot;
import io.tradeenrichment.model.DimensionUpdate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A job that has followed a topic and a job that starts on the compacted topic have the same rows, for any history, any
 * restarts and rescales of the first job, and any progress of the log cleaner.
 */
class CompactionTest {
    private static final int IDS = 12;
    private static final int HISTORIES = 20;
    private static final int MAX_SUBTASKS = 3;

    /** Compaction removes tombstones too, as after {@code delete.retention.ms}. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void rowsAreEqualIfKeysKeepTheirPartition(long seed) throws Exception {
        Random random = new Random(seed);
        for (int history = 0; history < HISTORIES; history++) {
            Topic topic = new Topic(2);
            for (int record = random.nextInt(5, 80); record > 0; record--) {
                long id = random.nextInt(IDS);
                topic.append(random, (int) id % 2, id);
            }
            compare(topic, topic.compacted(random, true), random);
        }
    }

    /** As after partitions were added: keys have older records in another partition. Compaction keeps tombstones. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void rowsAreEqualIfKeysChangeTheirPartition(long seed) throws Exception {
        Random random = new Random(seed);
        for (int history = 0; history < HISTORIES; history++) {
            Topic topic = new Topic(3);
            for (int record = random.nextInt(5, 80); record > 0; record--) {
                topic.append(random, random.nextInt(3), random.nextInt(IDS));
            }
            compare(topic, topic.compacted(random, false), random);
        }
    }

    private static void compare(Topic topic, Topic compacted, Random random) throws Exception {
        List<List<String>> followed = follow(topic, random);
        List<List<String>> restarted = loaded(compacted, random);
        assertThat(followed).as("subtasks that followed the topic").allMatch(followed.get(0)::equals);
        assertThat(restarted).as("subtasks that loaded the compacted topic").allMatch(restarted.get(0)::equals);
        assertThat(restarted.get(0)).isEqualTo(followed.get(0));
    }

    /** Loads the first records and applies the others live, with restarts at other parallelisms. */
    private static List<List<String>> follow(Topic topic, Random random) throws Exception {
        int[] loaded = topic.upTo(random);
        List<OperatorSubtaskState> states = new ArrayList<>();
        int parallelism = random.nextInt(1, MAX_SUBTASKS + 1);
        List<JoinHarness> subtasks = new ArrayList<>();
        for (int subtask = 0; subtask < parallelism; subtask++) {
            subtasks.add(JoinHarness.with(JoinHarness.WAITING)
                    .snapshot(topic.snapshot(loaded, random))
                    .subtask(subtask, parallelism)
                    .open());
        }
        int[] read = loaded;
        for (int restarts = random.nextInt(3); restarts >= 0; restarts--) {
            int[] next = restarts == 0 ? topic.ends() : topic.between(read, random);
            for (JoinHarness join : subtasks) {
                for (DimensionUpdate update : topic.interleaved(read, next, random)) {
                    join.update(update);
                }
            }
            read = next;
            if (restarts > 0) {
                states = stop(subtasks);
                parallelism = random.nextInt(1, MAX_SUBTASKS + 1);
                subtasks = new ArrayList<>();
                for (int subtask = 0; subtask < parallelism; subtask++) {
                    subtasks.add(JoinHarness.with(JoinHarness.WAITING)
                            .snapshot((dimensions, receiver) -> {
                                throw new AssertionError("the snapshot is loaded again");
                            })
                            .subtask(subtask, parallelism)
                            .restore(states.size(), states.toArray(OperatorSubtaskState[]::new))
                            .open());
                }
            }
        }
        return contents(subtasks);
    }

    private static List<List<String>> loaded(Topic topic, Random random) throws Exception {
        List<JoinHarness> subtasks = new ArrayList<>();
        for (int subtask = 0; subtask < 2; subtask++) {
            subtasks.add(JoinHarness.with(JoinHarness.WAITING)
                    .snapshot(topic.snapshot(topic.ends(), random))
                    .subtask(subtask, 2)
                    .open());
        }
        return contents(subtasks);
    }

    private static List<OperatorSubtaskState> stop(List<JoinHarness> subtasks) throws Exception {
        List<OperatorSubtaskState> states = new ArrayList<>();
        for (JoinHarness join : subtasks) {
            states.add(join.snapshot());
            join.close();
        }
        return states;
    }

    private static List<List<String>> contents(List<JoinHarness> subtasks) throws Exception {
        List<List<String>> all = new ArrayList<>();
        for (JoinHarness join : subtasks) {
            DimensionTable users = join.rows(Dimension.USER);
            List<String> contents = new ArrayList<>();
            for (long id = 0; id < IDS; id++) {
                byte[] row = users.latest(id, null);
                contents.add(id + "=" + (row == null ? "none" : new String(row, 1, row.length - 1)));
            }
            contents.add("digest " + users.digest());
            contents.add("rows " + users.rows());
            all.add(contents);
            join.close();
        }
        return all;
    }

    /** Partitions of records, with gaps after compaction. */
    private static final class Topic {
        private final List<List<DimensionUpdate>> partitions = new ArrayList<>();

        Topic(int count) {
            for (int partition = 0; partition < count; partition++) {
                partitions.add(new ArrayList<>());
            }
        }

        /** Appends a record with any valid_from and a timestamp that may go back. */
        void append(Random random, int partition, long id) {
            List<DimensionUpdate> log = partitions.get(partition);
            long timestamp = 1_000 + random.nextInt(50);
            byte[] fragment = random.nextInt(3) == 0 ? null : fragment(partition, log.size());
            long validFrom = fragment == null ? timestamp * 1000 + 999 : random.nextInt(2_000_000);
            log.add(new DimensionUpdate(Dimension.USER, id, validFrom, timestamp, fragment, partition, log.size()));
        }

        private static byte[] fragment(int partition, int offset) {
            return Samples.user(0, 0, "p" + partition + "o" + offset).fragment();
        }

        /**
         * The topic after the log cleaner has run up to some offset: before it, only the last record of a key is kept.
         */
        Topic compacted(Random random, boolean tombstonesToo) {
            Topic remaining = new Topic(0);
            for (List<DimensionUpdate> log : partitions) {
                int cleaned = random.nextInt(log.size() + 1);
                Set<Long> later = new HashSet<>();
                TreeMap<Long, DimensionUpdate> kept = new TreeMap<>();
                for (int offset = log.size() - 1; offset >= 0; offset--) {
                    DimensionUpdate update = log.get(offset);
                    boolean superseded = offset < cleaned && !later.add(update.id());
                    boolean expired = offset < cleaned && update.fragment() == null && tombstonesToo;
                    if (!superseded && !expired) {
                        kept.put(update.offset(), update);
                    }
                }
                remaining.partitions.add(new ArrayList<>(kept.values()));
            }
            return remaining;
        }

        int[] ends() {
            return partitions.stream().mapToInt(List::size).toArray();
        }

        int[] upTo(Random random) {
            return between(new int[partitions.size()], random);
        }

        int[] between(int[] from, Random random) {
            int[] to = new int[from.length];
            for (int partition = 0; partition < to.length; partition++) {
                to[partition] = random.nextInt(
                        from[partition], partitions.get(partition).size() + 1);
            }
            return to;
        }

        DimensionSnapshot snapshot(int[] to, Random random) {
            List<DimensionUpdate> records = interleaved(new int[to.length], to, random);
            return (dimensions, receiver) -> {
                for (DimensionUpdate record : records) {
                    receiver.update(record);
                }
                for (int partition = 0; partition < to.length; partition++) {
                    @Nullable DimensionUpdate last = to[partition] == 0
                            ? null
                            : partitions.get(partition).get(to[partition] - 1);
                    receiver.readUpTo(Dimension.USER, partition, last == null ? 0 : last.offset() + 1);
                }
            };
        }

        /** The records of all partitions, each partition in its order. */
        List<DimensionUpdate> interleaved(int[] from, int[] to, Random random) {
            int[] next = from.clone();
            List<DimensionUpdate> records = new ArrayList<>();
            List<Integer> remaining = new ArrayList<>();
            for (int partition = 0; partition < to.length; partition++) {
                if (next[partition] < to[partition]) {
                    remaining.add(partition);
                }
            }
            while (!remaining.isEmpty()) {
                Integer partition = remaining.get(random.nextInt(remaining.size()));
                records.add(partitions.get(partition).get(next[partition]++));
                if (next[partition] == to[partition]) {
                    remaining.remove(partition);
                }
            }
            return records;
        }
    }
}
