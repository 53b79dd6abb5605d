package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.model.SourceRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Trades to send, every hundredth truncated and every fiftieth sent twice, with the expected output, computed in plain
 * Java.
 */
public final class Workload {
    private static final int INSTRUMENTS = 97;
    private static final int USERS = 89;

    private final List<SourceRecord> trades = new ArrayList<>();
    private final Map<Long, String> expected = new TreeMap<>();
    private final BitSet first = new BitSet();
    /**
     * Timestamp of trade 0. It is recent: a restarted broker no longer recognizes a producer's repeated batch whose records
     * are older than a day.
     */
    private final long start;

    private int truncated;

    /** @param ids number of trade ids, from 0 */
    public Workload(int ids) {
        start = System.currentTimeMillis() - ids;
        for (long id = 0; id < ids; id++) {
            SourceRecord trade = withTimestamp(start + id, Samples.tradeRecord(id, id % INSTRUMENTS, id % USERS));
            if (id % 100 == 7) {
                trades.add(truncate(trade));
                truncated++;
            } else {
                first.set(trades.size());
                trades.add(trade);
                expected.put(id, "T" + id % INSTRUMENTS + " user-" + id % USERS);
                if (id % 50 == 3) {
                    trades.add(trade);
                }
            }
        }
    }

    private static SourceRecord withTimestamp(long timestamp, SourceRecord trade) {
        return new SourceRecord(trade.feed(), 0, 0, timestamp, trade.key(), trade.value(), trade.headers());
    }

    private static SourceRecord truncate(SourceRecord trade) {
        byte[] value = Arrays.copyOf(trade.value(), trade.value().length - 1);
        return new SourceRecord(trade.feed(), 0, 0, trade.timestamp(), trade.key(), value, trade.headers());
    }

    /** The rows that the trades refer to. */
    public List<SourceRecord> rows() {
        List<SourceRecord> rows = new ArrayList<>();
        for (long id = 0; id < INSTRUMENTS; id++) {
            rows.add(Samples.stockRecord(id, 1_000_000, "T" + id));
        }
        for (long id = 0; id < USERS; id++) {
            rows.add(Samples.userRecord(id, 1_000_000, "user-" + id));
        }
        return rows;
    }

    /** In the order to send them. */
    public List<SourceRecord> trades() {
        return trades;
    }

    /** How many trades the job must enrich. */
    public int enriched() {
        return expected.size();
    }

    /** How many of the first {@code sent} records the job must enrich: those neither truncated nor repeated. */
    public int enriched(int sent) {
        return first.get(0, sent).cardinality();
    }

    public int truncated() {
        return truncated;
    }

    public int repeated() {
        return trades.size() - expected.size() - truncated;
    }

    /** Compares the records of the two outputs with the expected ones. */
    public Result compare(
            Collection<ConsumerRecord<byte[], byte[]>> enriched, Collection<ConsumerRecord<byte[], byte[]>> letters) {
        Map<Long, String> found = new HashMap<>();
        int doubled = 0;
        for (ConsumerRecord<byte[], byte[]> record : enriched) {
            GenericRecord trade = Samples.enriched(record.value());
            Long id = (Long) trade.get("trade_id");
            doubled += found.put(id, trade.get("instrument") + " " + trade.get("user")) == null ? 0 : 1;
            assertThat(ByteBuffer.wrap(record.key()).getLong()).isEqualTo(trade.get("instrument_id"));
            assertThat(record.timestamp()).isEqualTo(start + id);
        }
        Set<String> origins = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> letter : letters) {
            doubled += origins.add(origin(letter)) ? 0 : 1;
        }
        Set<Long> lost = new HashSet<>(expected.keySet());
        lost.removeAll(found.keySet());
        Map<Long, String> wrong = new HashMap<>(found);
        wrong.entrySet().removeAll(expected.entrySet());
        return new Result(
                trades.size(),
                found.size(),
                repeated(),
                origins.size(),
                lost.size() + truncated - origins.size(),
                doubled,
                wrong.size());
    }

    private static String origin(ConsumerRecord<byte[], byte[]> letter) {
        return header(letter, "__connect.errors.partition") + "@" + header(letter, "__connect.errors.offset");
    }

    private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    /** Numbers of records; {@code wrong} are trades enriched with unexpected columns. */
    public record Result(int sent, int enriched, int duplicates, int deadLetters, int lost, int doubled, int wrong) {

        /** Whether every trade is accounted for exactly once. */
        public boolean isExact() {
            return lost == 0 && doubled == 0 && wrong == 0 && sent == enriched + duplicates + deadLetters;
        }

        @Override
        public String toString() {
            return String.format(
                    "%d sent, %d enriched, %d duplicates, %d dead letters, %d lost, %d doubled, %d wrong",
                    sent, enriched, duplicates, deadLetters, lost, doubled, wrong);
        }
    }
}
