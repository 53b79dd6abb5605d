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

/** Trades to send, every hundredth cut short and every fiftieth sent twice, and in plain Java what has to come of them. */
final class Workload {
    private static final int INSTRUMENTS = 97;
    private static final int USERS = 89;
    private static final int ENRICHED_PREFIX = 10;

    private final List<SourceRecord> trades = new ArrayList<>();
    private final Map<Long, String> expected = new TreeMap<>();
    private final BitSet first = new BitSet();
    /** A broker that is brought back has forgotten who sent what is older than a day, and takes it twice. */
    private final long opening;

    private int damaged;

    /** @param ids of trades: from 0 to one below this */
    Workload(int ids) {
        opening = System.currentTimeMillis() - ids;
        for (long id = 0; id < ids; id++) {
            SourceRecord trade = dated(opening + id, Samples.tradeRecord(id, id % INSTRUMENTS, id % USERS));
            if (id % 100 == 7) {
                trades.add(cutShort(trade));
                damaged++;
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

    private static SourceRecord dated(long time, SourceRecord trade) {
        return new SourceRecord(trade.feed(), 0, 0, time, trade.key(), trade.value(), trade.headers());
    }

    private static SourceRecord cutShort(SourceRecord trade) {
        byte[] cut = Arrays.copyOf(trade.value(), trade.value().length - 1);
        return new SourceRecord(trade.feed(), 0, 0, trade.timestamp(), trade.key(), cut, trade.headers());
    }

    /** The rows that all of its trades need. */
    List<SourceRecord> rows() {
        List<SourceRecord> rows = new ArrayList<>();
        for (long id = 0; id < INSTRUMENTS; id++) {
            rows.add(Samples.stockRecord(id, 1_000_000, "T" + id));
        }
        for (long id = 0; id < USERS; id++) {
            rows.add(Samples.userRecord(id, 1_000_000, "user-" + id));
        }
        return rows;
    }

    /** In the order in which to send them. */
    List<SourceRecord> trades() {
        return trades;
    }

    int enriched() {
        return expected.size();
    }

    /** How many of the first so many records come out enriched: neither damaged nor sent before. */
    int enriched(int sent) {
        return first.get(0, sent).cardinality();
    }

    int damaged() {
        return damaged;
    }

    int repeated() {
        return trades.size() - expected.size() - damaged;
    }

    /** Holds what a reader of the two outputs found against what has to be there. */
    Verdict judge(
            Collection<ConsumerRecord<byte[], byte[]>> enriched, Collection<ConsumerRecord<byte[], byte[]>> letters) {
        Map<Long, String> found = new HashMap<>();
        int doubled = 0;
        for (ConsumerRecord<byte[], byte[]> record : enriched) {
            GenericRecord trade = Samples.enriched(record.value(), ENRICHED_PREFIX);
            Long id = (Long) trade.get("trade_id");
            doubled += found.put(id, trade.get("instrument") + " " + trade.get("user")) == null ? 0 : 1;
            assertThat(ByteBuffer.wrap(record.key()).getLong()).isEqualTo(trade.get("instrument_id"));
            assertThat(record.timestamp()).isEqualTo(opening + id);
        }
        Set<String> origins = new HashSet<>();
        for (ConsumerRecord<byte[], byte[]> letter : letters) {
            doubled += origins.add(origin(letter)) ? 0 : 1;
        }
        Set<Long> lost = new HashSet<>(expected.keySet());
        lost.removeAll(found.keySet());
        Map<Long, String> wrong = new HashMap<>(found);
        wrong.entrySet().removeAll(expected.entrySet());
        return new Verdict(
                trades.size(),
                found.size(),
                repeated(),
                origins.size(),
                lost.size() + damaged - origins.size(),
                doubled,
                wrong.size());
    }

    private static String origin(ConsumerRecord<byte[], byte[]> letter) {
        return header(letter, "__connect.errors.partition") + "@" + header(letter, "__connect.errors.offset");
    }

    private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
        return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }

    /** What became of the trades, in numbers of records; {@code wrong} are those enriched with other columns. */
    record Verdict(int sent, int enriched, int duplicates, int deadLetters, int lost, int doubled, int wrong) {

        boolean isExact() {
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
