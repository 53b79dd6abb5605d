package io.tradeenrichment;

import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.SourceRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageEncoder;

/**
 * Seeded random trades and rows, with the output that the whole job must write for them, computed in plain Java. Apache
 * Avro writes the records; the oracle shares no code with the job.
 *
 * <p>The output does not depend on how the feeds interleave: a row that arrives while trades flow is outdated, a repetition,
 * or of an id whose trades wait for it, and then the newest version comes first.
 */
final class Scenario {
    static final int PARTITIONS = 4;
    private static final int TRADES_PER_PARTITION = 3_000;
    private static final int IDS = 60;
    private static final String[] TICKERS = {"SPY", "QQQ", "AAPL", "F", "BRKB"};

    /** The history of an id's rows. */
    private enum History {
        /** Several versions in the snapshot. */
        PRESENT,
        /** Arrives while its trades wait, newest version first, older ones and repetitions after. */
        LATE,
        /** In the snapshot with a tombstone after it. */
        DELETED,
        /** A tombstone only. */
        ONLY_DELETED,
        /** No record at all. */
        NEVER
    }

    private final Random random;
    private final List<SourceRecord> snapshot = new ArrayList<>();
    private final Map<Feed, List<SourceRecord>> live = new HashMap<>();
    private final List<SourceRecord> trades = new ArrayList<>();
    private final Map<Dimension, Map<Long, GenericRecord>> rows = new HashMap<>();
    private final Map<Long, List<GenericRecord>> enriched = new TreeMap<>();
    private final List<String> deadLetters = new ArrayList<>();
    private int duplicates;

    Scenario(long seed) {
        random = new Random(seed);
        for (Dimension dimension : Dimension.BUNDLED) {
            rows.put(dimension, new HashMap<>());
            live.put(dimension.feed(), new ArrayList<>());
            makeRows(dimension);
        }
        makeTrades();
    }

    List<SourceRecord> snapshot() {
        return snapshot;
    }

    List<SourceRecord> feed(Feed feed) {
        return feed.equals(Feed.TRADES) ? trades : live.getOrDefault(feed, List.of());
    }

    /** The enriched trades of each instrument in their order. */
    Map<Long, List<GenericRecord>> enriched() {
        return enriched;
    }

    /** Feed, offset and reason of every dead letter, sorted. */
    List<String> deadLetters() {
        Collections.sort(deadLetters);
        return deadLetters;
    }

    int duplicates() {
        return duplicates;
    }

    private void makeRows(Dimension dimension) {
        Feed feed = dimension.feed();
        List<SourceRecord> first = new ArrayList<>();
        List<SourceRecord> then = new ArrayList<>();
        for (long id = 1; id <= IDS; id++) {
            GenericRecord newest = row(dimension, id, 3_000_000 + id);
            GenericRecord older = row(dimension, id, 2_000_000 + id);
            GenericRecord oldest = row(dimension, id, 1_000_000 + id);
            switch (history(dimension, id)) {
                case PRESENT -> {
                    // The last record is the row, whatever its valid_from.
                    rows.get(dimension).put(id, older);
                    List<SourceRecord> versions = new ArrayList<>(
                            List.of(record(feed, id, newest), record(feed, id, older), record(feed, id, oldest)));
                    versions.add(Samples.tombstone(feed, id, 2_500, 0));
                    Collections.shuffle(versions, random);
                    first.addAll(versions);
                    first.add(record(feed, id, older));
                    then.add(record(feed, id, older));
                }
                case LATE -> {
                    rows.get(dimension).put(id, older);
                    then.addAll(List.of(Samples.tombstone(feed, id, 2_500, 0), record(feed, id, older)));
                }
                case DELETED -> {
                    first.add(record(feed, id, newest));
                    first.add(Samples.tombstone(feed, id, 2_500, 0));
                }
                case ONLY_DELETED -> then.add(Samples.tombstone(feed, id, 4_000, 0));
                case NEVER -> {}
            }
        }
        first.add(damaged(feed));
        then.add(damaged(feed));
        first.forEach(record -> snapshot.add(at(record, snapshot.size())));
        // The order is kept within an id; ids are mixed.
        for (SourceRecord record : interleave(then)) {
            live.get(feed).add(at(record, 1_000_000 + live.get(feed).size()));
        }
        expectDamaged(snapshot, feed);
        expectDamaged(live.get(feed), feed);
    }

    private void expectDamaged(List<SourceRecord> records, Feed feed) {
        for (SourceRecord record : records) {
            if (record.feed() == feed && record.value() != null && record.value().length < 12) {
                deadLetters.add(feed + " " + record.offset() + " MALFORMED");
            }
        }
    }

    /** Shuffles the records, keeping the order within a key. */
    private List<SourceRecord> interleave(List<SourceRecord> records) {
        Map<ByteBuffer, Deque<SourceRecord>> byKey = new HashMap<>();
        List<ByteBuffer> keys = new ArrayList<>();
        for (SourceRecord record : records) {
            ByteBuffer key = ByteBuffer.wrap(record.key());
            byKey.computeIfAbsent(key, k -> new ArrayDeque<>()).add(record);
            keys.add(key);
        }
        Collections.shuffle(keys, random);
        List<SourceRecord> mixed = new ArrayList<>();
        keys.forEach(key -> mixed.add(byKey.get(key).remove()));
        return mixed;
    }

    private void makeTrades() {
        Set<Long> seen = new HashSet<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            List<GenericRecord> sent = new ArrayList<>();
            for (int i = 0; i < TRADES_PER_PARTITION; i++) {
                long offset = trades.size();
                int chance = random.nextInt(100);
                if (chance == 0) {
                    trades.add(damagedTrade(offset));
                    deadLetters.add(Feed.TRADES + " " + offset + " MALFORMED");
                    continue;
                }
                GenericRecord trade = chance < 3 && !sent.isEmpty()
                        ? sent.get(random.nextInt(sent.size()))
                        : trade(offset, partition);
                trades.add(at(record(Feed.TRADES, (Long) trade.get("instrument_id"), trade), offset));
                sent.add(trade);
                if (seen.add((Long) trade.get("trade_id"))) {
                    expect(trade, offset);
                } else {
                    duplicates++;
                }
            }
        }
    }

    private void expect(GenericRecord trade, long offset) {
        long instrumentId = (Long) trade.get("instrument_id");
        GenericRecord instrument = rows.get(Dimension.INSTRUMENT).get(instrumentId);
        GenericRecord user = rows.get(Dimension.USER).get((Long) trade.get("user_id"));
        if (instrument == null || user == null) {
            deadLetters.add(
                    Feed.TRADES + " " + offset + (instrument == null ? " MISSING_INSTRUMENT" : " MISSING_USER"));
            return;
        }
        GenericRecord expected = new GenericData.Record(Schemas.ENRICHED_TRADE);
        for (Schema.Field field : Schemas.TRADE.getFields()) {
            expected.put(field.name(), trade.get(field.name()));
        }
        expected.put("instrument", symbol(instrument));
        expected.put("instrument_ticker", instrument.get("ticker"));
        expected.put("instrument_type", instrument.get("type"));
        expected.put("instrument_strike", instrument.get("strike"));
        expected.put("instrument_expiry", instrument.get("expiry"));
        expected.put("instrument_valid_from", instrument.get("valid_from"));
        expected.put("user", user.get("username"));
        expected.put("user_valid_from", user.get("valid_from"));
        enriched.computeIfAbsent(instrumentId, id -> new ArrayList<>()).add(expected);
    }

    private GenericRecord trade(long offset, int partition) {
        GenericRecord trade = new GenericData.Record(Schemas.TRADE);
        trade.put("trade_id", offset * 7 + 1);
        // All trades of an instrument are in one partition, as with its id as the Kafka key.
        trade.put("instrument_id", (long) random.nextInt(IDS / PARTITIONS) * PARTITIONS + partition + 1);
        trade.put("user_id", 1L + random.nextInt(IDS));
        trade.put("trade_time", random.nextLong());
        trade.put("trade_px", decimal(random.nextInt(2_000_000_000) - 1_000_000_000L));
        trade.put("quantity", random.nextLong());
        trade.put("side", symbol(Schemas.TRADE.getField("side").schema(), random.nextBoolean() ? "BUY" : "SELL"));
        return trade;
    }

    private GenericRecord row(Dimension dimension, long id, long validFrom) {
        if (dimension.equals(Dimension.USER)) {
            GenericRecord user = new GenericData.Record(Schemas.USER);
            user.put("user_id", id);
            user.put("valid_from", validFrom);
            user.put("username", "user-" + id + "-" + validFrom / 1_000_000);
            return user;
        }
        GenericRecord instrument = new GenericData.Record(Schemas.INSTRUMENT);
        boolean stock = id % 5 == 0;
        instrument.put("instrument_id", id);
        instrument.put("valid_from", validFrom);
        instrument.put("ticker", TICKERS[(int) (id % TICKERS.length)]);
        instrument.put(
                "type",
                symbol(Schemas.INSTRUMENT.getField("type").schema(), stock ? "STOCK" : id % 2 == 0 ? "CALL" : "PUT"));
        instrument.put("strike", stock ? null : decimal(id * 2_500));
        instrument.put("expiry", stock ? null : 21_000 + (int) id);
        return instrument;
    }

    private static History history(Dimension dimension, long id) {
        // Few users lack a row: each of their trades delays its instrument until the end of the input.
        long remainder = (id * 31 + (dimension.equals(Dimension.USER) ? 7 : 0)) % 20;
        if (remainder < 13) {
            return History.PRESENT;
        }
        return remainder < 17
                ? History.LATE
                : remainder == 17 ? History.DELETED : remainder == 18 ? History.ONLY_DELETED : History.NEVER;
    }

    private static String symbol(GenericRecord instrument) {
        if (instrument.get("type").toString().equals("STOCK")) {
            return (String) instrument.get("ticker");
        }
        LocalDate expiry = LocalDate.ofEpochDay((Integer) instrument.get("expiry"));
        BigDecimal strike = new BigDecimal(new BigInteger(((ByteBuffer) instrument.get("strike")).array()), 3);
        return instrument.get("ticker")
                + expiry.format(DateTimeFormatter.ofPattern("yyMMdd"))
                + instrument.get("type").toString().charAt(0)
                + String.format("%08d", strike.movePointRight(3).intValueExact());
    }

    private static ByteBuffer decimal(long unscaled) {
        return ByteBuffer.wrap(BigInteger.valueOf(unscaled).toByteArray());
    }

    private static GenericData.EnumSymbol symbol(Schema schema, String name) {
        return new GenericData.EnumSymbol(schema, name);
    }

    private static SourceRecord record(Feed feed, long key, GenericRecord value) {
        try {
            var out = new ByteArrayOutputStream();
            new BinaryMessageEncoder<GenericRecord>(new GenericData(), value.getSchema()).encode(value, out);
            return new SourceRecord(
                    feed, 0, 0, 1_000, ByteBuffer.allocate(8).putLong(key).array(), out.toByteArray(), List.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Correct framing, and then a record that ends within its first field. */
    private static SourceRecord damaged(Feed feed) {
        byte[] value = Arrays.copyOf(Samples.prefix(JobSchemas.bundled().of(feed)), 11);
        value[10] = (byte) 0x80;
        return new SourceRecord(
                feed, 0, 0, 1_000, ByteBuffer.allocate(8).putLong(5).array(), value, List.of());
    }

    private SourceRecord damagedTrade(long offset) {
        byte[] whole = record(Feed.TRADES, 1, trade(offset, 0)).value();
        byte[] cut = Arrays.copyOf(whole, 10 + random.nextInt(whole.length - 10));
        return new SourceRecord(Feed.TRADES, 0, offset, 1_000, new byte[] {1}, cut, List.of());
    }

    private static SourceRecord at(SourceRecord record, long offset) {
        return new SourceRecord(
                record.feed(), 0, offset, record.timestamp(), record.key(), record.value(), record.headers());
    }
}
