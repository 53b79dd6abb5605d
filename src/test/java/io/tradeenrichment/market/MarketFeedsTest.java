package io.tradeenrichment.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tradeenrichment.codec.DatumReader;
import io.tradeenrichment.codec.KnownSchemas;
import io.tradeenrichment.codec.RowReader;
import io.tradeenrichment.codec.TradeReader;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.key.KeyFormat;
import io.tradeenrichment.codec.key.KeyWriter;
import io.tradeenrichment.codec.layout.JobSchemas;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.model.Trade;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageDecoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

class MarketFeedsTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 22);
    private static final Market MARKET = new Market(42, TODAY.toEpochDay(), 90_000, 2_000, 600, 0.05, 0.03, 0.02);
    private static final KnownSchemas KNOWN =
            KnownSchemas.of(List.of(Schemas.TRADE, Schemas.INSTRUMENT, Schemas.USER, Schemas.ENRICHED_TRADE));

    private final MarketFeeds feeds = new MarketFeeds(MARKET);

    @Test
    void generatesTheSameRecordsFromTheSameSeed() {
        MarketFeeds again = new MarketFeeds(MARKET);

        assertThat(everything(again)).isEqualTo(everything(feeds));
    }

    /** Documents quote totals of the bundled market, and runs of different versions are compared by its records. */
    @Test
    void generatesTheSameBundledMarketAsEarlierVersions() throws NoSuchAlgorithmException {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        feeds.snapshot(Feed.INSTRUMENTS).forEach(row -> add(row, digest));
        feeds.snapshot(Feed.USERS).forEach(row -> add(row, digest));
        for (int index = 0; index < 500; index++) {
            add(feeds.trade(index), digest);
            add(feeds.live(Dimension.INSTRUMENT, index), digest);
            add(feeds.live(Dimension.USER, index), digest);
        }
        assertThat(HexFormat.of().formatHex(digest.digest()))
                .isEqualTo("0b1aabee66f31edd5f7abf3fb096fb8b875f6dc3fd4bc0071c9260b7746a9517");
    }

    private static void add(SourceRecord record, MessageDigest digest) {
        String text =
                record + " " + record.timestamp() + Arrays.toString(record.key()) + Arrays.toString(record.value());
        digest.update(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void generatesOtherTradesAndLateRowsFromAnotherSeed() {
        MarketFeeds other = new MarketFeeds(new Market(43, TODAY.toEpochDay(), 90_000, 2_000, 600, 0.05, 0.03, 0.02));

        long alike = LongStream.range(0, 1_000)
                .filter(index -> Arrays.equals(
                        other.trade(index).value(), feeds.trade(index).value()))
                .count();
        assertThat(alike).isLessThan(50); // empty and null values are alike
        assertThat(ids(other.snapshot(Feed.USERS))).isNotEqualTo(ids(feeds.snapshot(Feed.USERS)));
    }

    @Test
    void generatesTheSameRecordsInAnyOrder() {
        List<String> upwards = everything(feeds);
        MarketFeeds fresh = new MarketFeeds(MARKET);

        List<String> downwards = new ArrayList<>();
        for (long index = fresh.liveRecords(Dimension.USER) - 1; index >= 0; index--) {
            downwards.add(text(fresh.live(Dimension.USER, index)));
        }
        for (long index = fresh.liveRecords(Dimension.INSTRUMENT) - 1; index >= 0; index--) {
            downwards.add(text(fresh.live(Dimension.INSTRUMENT, index)));
        }
        for (long index = MARKET.trades() - 1; index >= 0; index--) {
            downwards.add(text(fresh.trade(index)));
        }

        Collections.reverse(downwards);
        assertThat(downwards).isEqualTo(upwards.subList(upwards.size() - downwards.size(), upwards.size()));
    }

    @Test
    void generatesEightPercentInstrumentsAndTwoPercentUsers() {
        long users = feeds.snapshotRecords(Feed.USERS) + feeds.liveRecords(Dimension.USER);
        long instruments = feeds.snapshotRecords(Feed.INSTRUMENTS) + feeds.liveRecords(Dimension.INSTRUMENT);

        assertThat(users).isEqualTo(90_000 * 2 / 90);
        assertThat(instruments).isEqualTo(90_000 * 8 / 90);
        assertThat(100.0 * users / (users + instruments + MARKET.trades())).isEqualTo(2, within(0.001));
        assertThat(feeds.snapshot(Feed.USERS)).hasSize(Math.toIntExact(feeds.snapshotRecords(Feed.USERS)));
        assertThat(feeds.snapshot(Feed.TRADES)).isEmpty();
    }

    @Test
    void generatesEveryRowIfThereAreMoreRowsThanTheMixHasRecords() {
        MarketFeeds crowded = new MarketFeeds(new Market(1, TODAY.toEpochDay(), 100, 5_000, 3_000, 0.02, 0, 0));

        assertThat(crowded.liveRecords(Dimension.INSTRUMENT)).isEqualTo(100);
        assertThat(crowded.liveRecords(Dimension.USER)).isEqualTo(60);
        Set<Long> all = ids(crowded.snapshot(Feed.INSTRUMENTS));
        LongStream.range(0, 100).forEach(index -> all.add(id(crowded.live(Dimension.INSTRUMENT, index))));
        assertThat(all).containsAll(LongStream.rangeClosed(1, 5_000).boxed().toList());
    }

    @Test
    void generatesTheSmallestMarket() {
        MarketFeeds tiny = new MarketFeeds(new Market(7, TODAY.toEpochDay(), 1, 1, 1, 1, 0.4, 0));

        assertThat(tiny.expected()).isEqualTo(new ExpectedCounts(1, 0, 0, 1));
        assertThat(id(tiny.trade(0))).isEqualTo(1);
        assertThat(ids(tiny.snapshot(Feed.INSTRUMENTS))).containsExactly(1L);
        assertThat(ids(tiny.snapshot(Feed.USERS))).containsExactly(1L);
        assertThat(tiny.liveRecords(Dimension.INSTRUMENT)).isZero();
    }

    @Test
    void changesOnlyTheIdsForAnotherFirstTradeId() throws IOException {
        MarketFeeds renumbered = new MarketFeeds(MARKET.withFirstTradeId(1_000_000));
        BinaryMessageDecoder<GenericRecord> avro = avro(Schemas.TRADE);
        for (long index = 0; index < 1_000; index++) {
            if (!feeds.isMalformed(index)) {
                GenericRecord trade = avro.decode(feeds.trade(index).value());
                GenericRecord other = avro.decode(renumbered.trade(index).value());
                assertThat(other.get("trade_id")).isEqualTo((Long) trade.get("trade_id") + 999_999);
                other.put("trade_id", trade.get("trade_id"));
                assertThat(other).isEqualTo(trade);
            }
        }
    }

    @ParameterizedTest
    @FieldSource("io.tradeenrichment.model.Dimension#BUNDLED")
    void sendsAllLateRowsUntilTheConfiguredTrade(Dimension dimension) {
        MarketFeeds early = new MarketFeeds(MARKET.withLateRowsUntil(9_000));
        long records = early.liveRecords(dimension);
        int count = dimension.equals(Dimension.INSTRUMENT) ? MARKET.instruments() : MARKET.users();
        Set<Long> missing =
                new HashSet<>(LongStream.rangeClosed(1, count).boxed().toList());
        missing.removeAll(ids(early.snapshot(dimension.feed())));
        assertThat(missing).hasSize(count / 20);

        for (long index = 0; index < early.recordsUntilComplete(dimension); index++) {
            missing.remove(id(early.live(dimension, index)));
        }
        assertThat(missing).isEmpty();
        assertThat(early.recordsUntilComplete(dimension)).isBetween(records / 10 - 1, records / 10 + 1);
        assertThat(feeds.recordsUntilComplete(dimension)).isEqualTo(records);
    }

    @Test
    void neverReusesTheIdOfADeletedRowInALargerMarket() {
        MarketFeeds larger = new MarketFeeds(new Market(42, TODAY.toEpochDay(), 90_000, 5_000, 1_500, 0.05, 0, 0));
        for (Dimension dimension : Dimension.BUNDLED) {
            Set<Long> deleted = new HashSet<>();
            feeds.snapshot(dimension.feed()).forEach(row -> {
                if (row.value() == null) {
                    deleted.add(id(row));
                }
            });
            assertThat(deleted).isNotEmpty().allMatch(id -> id > 5_000_000);
            Set<Long> rows = new HashSet<>();
            larger.snapshot(dimension.feed()).forEach(row -> rows.add(id(row)));
            rows.removeIf(id -> id > 5_000_000);
            assertThat(rows).isNotEmpty().doesNotContainAnyElementsOf(deleted);
        }
    }

    @Test
    void writesTheSameDatumsWithConfluentFraming() {
        FramingPrefixes prefixes = FramingPrefixes.of(Framing.CONFLUENT, feed -> 101 + Feed.BUNDLED.indexOf(feed));
        MarketFeeds confluent = new MarketFeeds(MARKET, prefixes);
        for (long index = 0; index < 1_000; index++) {
            if (!feeds.isMalformed(index)) {
                assertThat(datum(confluent.trade(index), 5, 101)).isEqualTo(datum(feeds.trade(index), 10, -1));
            }
        }
        assertThat(datum(confluent.snapshot(Feed.USERS).iterator().next(), 5, 103))
                .isEqualTo(datum(feeds.snapshot(Feed.USERS).iterator().next(), 10, -1));
    }

    @Test
    void writesTheSameRowsWithOtherKeyFormats() {
        MarketFeeds other = new MarketFeeds(
                MARKET,
                JobSchemas.bundled(),
                FramingPrefixes.SINGLE_OBJECT,
                dimension -> dimension.equals(Dimension.INSTRUMENT)
                        ? KeyWriter.singleObject(KeyFormat.TEXT)
                        : new KeyWriter(KeyFormat.AVRO, Framing.CONFLUENT.prefix(258)));
        for (long index = 0; index < 500; index++) {
            SourceRecord instrument = feeds.live(Dimension.INSTRUMENT, index);
            assertThat(other.live(Dimension.INSTRUMENT, index).value()).isEqualTo(instrument.value());
            assertThat(new String(other.live(Dimension.INSTRUMENT, index).key(), StandardCharsets.US_ASCII))
                    .isEqualTo(String.valueOf(id(instrument)));
            SourceRecord user = feeds.live(Dimension.USER, index);
            assertThat(other.live(Dimension.USER, index).value()).isEqualTo(user.value());
            assertThat(other.live(Dimension.USER, index).key())
                    .isEqualTo(new DatumBuffer()
                            .writeRaw(new byte[] {0, 0, 0, 1, 2}, 0, 5)
                            .writeLong(id(user))
                            .toBytes());
            assertThat(other.trade(index).key()).isEqualTo(feeds.trade(index).key());
        }
        assertThat(other.snapshot(Feed.INSTRUMENTS).iterator().next().key())
                .isEqualTo(String.valueOf(
                                id(feeds.snapshot(Feed.INSTRUMENTS).iterator().next()))
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] datum(SourceRecord record, int start, int schemaId) {
        byte[] value = record.value();
        if (schemaId >= 0) {
            assertThat(Arrays.copyOf(value, start)).containsExactly(0, 0, 0, 0, schemaId);
        }
        return Arrays.copyOfRange(value, start, value.length);
    }

    @Test
    void generatesTradesWithPlausibleValues() throws IOException {
        BinaryMessageDecoder<GenericRecord> avro = avro(Schemas.TRADE);
        Instant open = LocalDate.of(2026, 11, 20).atTime(14, 30).toInstant(ZoneOffset.UTC);
        int bought = 0;
        for (long index = 0; index < MARKET.trades(); index++) {
            if (feeds.isMalformed(index)) {
                continue;
            }
            SourceRecord record = feeds.trade(index);
            GenericRecord trade = avro.decode(record.value());

            assertThat((Long) trade.get("trade_id")).isBetween(1L, MARKET.trades());
            assertThat((Long) trade.get("instrument_id")).isBetween(1L, 2_000L).isEqualTo(id(record));
            assertThat((Long) trade.get("user_id")).isBetween(1L, 600L);
            assertThat((Instant) trade.get("trade_time")).isBetween(open, open.plusSeconds(4));
            assertThat((BigDecimal) trade.get("trade_px")).isBetween(new BigDecimal("0.05"), new BigDecimal("1000"));
            assertThat((Long) trade.get("quantity")).isBetween(1L, 1_000L);
            bought += trade.get("side").toString().equals("BUY") ? 1 : 0;

            assertThat(record.offset()).isEqualTo(index);
            assertThat(record.partition()).isZero();
            assertThat(Instant.ofEpochMilli(record.timestamp())).isBetween(open, open.plusSeconds(4));
        }
        assertThat(bought / 90_000.0).isEqualTo(0.49, within(0.01));
    }

    @Test
    void generatesTradesThatTheJobReadsUnlessTheyAreMalformed() {
        for (long index = 0; index < MARKET.trades(); index++) {
            boolean rejected = trade(feeds.trade(index)) == null;
            assertThat(rejected).as("trade %s", index).isEqualTo(feeds.isMalformed(index));
        }
    }

    @ParameterizedTest
    @EnumSource(Corruption.class)
    void everyCorruptionMakesEveryTradeMalformed(Corruption corruption) {
        IndexedRandom random = new IndexedRandom(5, "survival");
        for (long index = 0; index < 5_000; index++) {
            if (feeds.isMalformed(index)) {
                continue;
            }
            SourceRecord good = feeds.trade(index);
            byte[] untouched = good.value().clone();
            byte[] corrupted = corruption.apply(good.value(), Framing.SINGLE_OBJECT, random.bits(index));

            SourceRecord record = new SourceRecord(Feed.TRADES, 0, index, 0, good.key(), corrupted, List.of());
            assertThat(trade(record)).as("%s of trade %s", corruption, index).isNull();
            assertThat(good.value()).isEqualTo(untouched);
        }
    }

    @Test
    void appliesEveryCorruptionToSomeTrade() {
        Set<String> reasons = new TreeSet<>();
        for (long index = 0; index < MARKET.trades(); index++) {
            byte[] value = feeds.trade(index).value();
            if (value == null) {
                reasons.add("NULL");
            } else if (feeds.isMalformed(index)) {
                reasons.add(reason(value) + (value.length == 0 ? " EMPTY" : ""));
            }
        }
        assertThat(reasons)
                .containsExactly("MALFORMED", "NULL", "UNKNOWN_FRAMING", "UNKNOWN_FRAMING EMPTY", "UNKNOWN_SCHEMA");
    }

    @ParameterizedTest
    @FieldSource("io.tradeenrichment.model.Dimension#BUNDLED")
    void generatesRowsThatTheJobReads(Dimension dimension) throws DecodeException {
        long offset = 0;
        for (SourceRecord record : records(dimension)) {
            assertThat(record.feed()).isEqualTo(dimension.feed());
            assertThat(record.offset()).isEqualTo(offset++);
            if (record.value() != null) {
                assertThat(row(dimension, record).id()).isEqualTo(id(record));
            }
        }
    }

    @ParameterizedTest
    @FieldSource("io.tradeenrichment.model.Dimension#BUNDLED")
    void repeatsAVersionWithTheSameContent(Dimension dimension) throws DecodeException {
        Map<String, ByteBuffer> versions = new HashMap<>();
        int repeated = 0;
        for (SourceRecord record : records(dimension)) {
            if (record.value() != null) {
                DimensionUpdate row = row(dimension, record);
                ByteBuffer value = ByteBuffer.wrap(record.value());
                ByteBuffer before = versions.putIfAbsent(row.id() + " as of " + row.validFrom(), value);
                repeated += before == null ? 0 : 1;
                assertThat(before == null || before.equals(value)).isTrue();
            }
        }
        assertThat(repeated).isPositive();
    }

    @ParameterizedTest
    @FieldSource("io.tradeenrichment.model.Dimension#BUNDLED")
    void generatesNewerVersionsAndSomeOutOfOrder(Dimension dimension) throws DecodeException {
        Map<Long, Long> newest = new HashMap<>();
        int forward = 0;
        int snapshotOutOfOrder = 0;
        int liveOutOfOrder = 0;
        for (SourceRecord record : records(dimension)) {
            if (record.value() != null) {
                DimensionUpdate row = row(dimension, record);
                Long before = newest.merge(row.id(), row.validFrom(), Math::max);
                if (row.validFrom() < before) {
                    boolean inSnapshot = record.offset() < feeds.snapshotRecords(dimension.feed());
                    snapshotOutOfOrder += inSnapshot ? 1 : 0;
                    liveOutOfOrder += inSnapshot ? 0 : 1;
                } else if (row.validFrom() >= MARKET.open()) {
                    forward++;
                }
            }
        }
        assertThat(forward).isGreaterThan(500);
        assertThat(snapshotOutOfOrder).isGreaterThan(10);
        assertThat(liveOutOfOrder).isGreaterThan(100);
    }

    @Test
    void changesUsernamesAndKeepsThemUnique() throws IOException {
        BinaryMessageDecoder<GenericRecord> avro = avro(Schemas.USER);
        Map<String, Long> holders = new HashMap<>();
        Map<Long, Set<String>> names = new HashMap<>();
        for (SourceRecord record : records(Dimension.USER)) {
            if (record.value() != null) {
                GenericRecord user = avro.decode(record.value());
                String name = user.get("username").toString();
                assertThat(name).matches("[A-Z][a-z]+[A-Z][A-Za-z]+\\d*");
                assertThat(holders.merge(name, id(record), (before, now) -> before))
                        .isEqualTo(id(record));
                names.computeIfAbsent(id(record), id -> new HashSet<>()).add(name);
            }
        }
        assertThat(names.values().stream().filter(held -> held.size() > 1)).hasSizeGreaterThan(100);
    }

    @Test
    void generatesAMillionUniqueUsernames() {
        Set<String> names = new HashSet<>();
        for (long id = 1; id <= 1_000_000; id++) {
            names.add(Usernames.name(id, RowContent.ORIGINAL));
        }
        assertThat(names).hasSize(1_000_000);
    }

    @Test
    void generatesOptionsThatExpireOnFutureFridaysWithConstantStrikes() throws IOException {
        BinaryMessageDecoder<GenericRecord> avro = avro(Schemas.INSTRUMENT);
        Map<Long, Object> terms = new HashMap<>();
        Set<Object> stocks = new HashSet<>();
        for (SourceRecord record : records(Dimension.INSTRUMENT)) {
            if (record.value() == null || id(record) > Market.MAX_INSTRUMENTS) {
                continue;
            }
            GenericRecord instrument = avro.decode(record.value());
            BigDecimal strike = (BigDecimal) instrument.get("strike");
            LocalDate expiry = (LocalDate) instrument.get("expiry");
            if (instrument.get("type").toString().equals("STOCK")) {
                stocks.add(instrument.get("instrument_id"));
                assertThat(strike).isNull();
                assertThat(expiry).isNull();
            } else {
                assertThat(expiry).isAfter(TODAY).isBefore(TODAY.plusYears(2));
                assertThat(expiry.getDayOfWeek()).isEqualTo(DayOfWeek.FRIDAY);
                assertThat(strike).isPositive().isLessThan(new BigDecimal("1000"));
                List<Object> now = List.of(instrument.get("type"), strike, expiry);
                assertThat(terms.merge(id(record), now, (before, same) -> before))
                        .isEqualTo(now);
            }
        }
        assertThat(100.0 * stocks.size() / (stocks.size() + terms.size())).isEqualTo(5, within(0.1));
    }

    @Test
    void generatesTradesBeforeAndExpiriesAfterAnyDayOfTheWeek() throws Exception {
        for (LocalDate day = TODAY; day.isBefore(TODAY.plusDays(7)); day = day.plusDays(1)) {
            Market market = new Market(1, day.toEpochDay(), 10, 2, 1, 0, 0, 0);
            Instant open = Instant.ofEpochSecond(market.open() / 1_000_000);
            assertThat(open).isBefore(day.atStartOfDay().toInstant(ZoneOffset.UTC));
            assertThat(open.atZone(ZoneOffset.UTC).getDayOfWeek()).isNotIn(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY);
            assertThat(symbols(market))
                    .hasSize(2)
                    .contains("SPY")
                    .anySatisfy(symbol -> assertThat(symbol).startsWith("SPY").endsWith("C00200000"));
            LocalDate friday = day.with(TemporalAdjusters.next(DayOfWeek.FRIDAY));
            assertThat(symbols(market).toString()).contains(friday.format(DateTimeFormatter.ofPattern("yyMMdd")));
        }
    }

    @Test
    void generatesUniqueValidSymbols() throws Exception {
        Market large = new Market(1, TODAY.toEpochDay(), 10, 300_000, 1, 0, 0, 0);

        assertThat(symbols(large)).hasSize(300_000).allMatch(symbol -> symbol.matches("[A-Z]{1,5}(\\d{6}[CP]\\d{8})?"));
    }

    @Test
    void generatesTradesOnlyForRowsThatArriveAndAreNeverDeleted() throws DecodeException {
        Map<Dimension, Set<Long>> rows = new HashMap<>();
        Map<Dimension, Set<Long>> deleted = new HashMap<>();
        for (Dimension dimension : Dimension.BUNDLED) {
            rows.put(dimension, new HashSet<>());
            deleted.put(dimension, new HashSet<>());
            for (SourceRecord record : records(dimension)) {
                (record.value() == null ? deleted : rows).get(dimension).add(id(record));
            }
            assertThat(deleted.get(dimension)).hasSizeGreaterThan(10);
        }

        for (long index = 0; index < MARKET.trades(); index++) {
            Trade trade = trade(feeds.trade(index));
            for (Dimension dimension : Dimension.BUNDLED) {
                if (trade != null) {
                    assertThat(rows.get(dimension)).contains(trade.id(Dimension.BUNDLED.indexOf(dimension)));
                    assertThat(deleted.get(dimension)).doesNotContain(trade.id(Dimension.BUNDLED.indexOf(dimension)));
                }
            }
        }
    }

    @ParameterizedTest
    @FieldSource("io.tradeenrichment.model.Dimension#BUNDLED")
    void generatesOnlyOlderVersionsAfterATombstone(Dimension dimension) throws DecodeException {
        Map<Long, Long> deleted = new HashMap<>();
        int after = 0;
        for (SourceRecord record : records(dimension)) {
            Long deletion = deleted.get(id(record));
            if (record.value() == null) {
                deleted.merge(id(record), record.timestamp() * 1000, Math::min);
            } else if (deletion != null) {
                assertThat(row(dimension, record).validFrom()).isLessThan(deletion);
                after++;
            }
        }
        assertThat(after).isPositive();
    }

    @ParameterizedTest
    @FieldSource("io.tradeenrichment.model.Dimension#BUNDLED")
    void spreadsLateRowsEvenlyAndGeneratesTradesThatWaitForThem(Dimension dimension) throws DecodeException {
        int count = dimension.equals(Dimension.INSTRUMENT) ? MARKET.instruments() : MARKET.users();
        Set<Long> late = new HashSet<>(LongStream.rangeClosed(1, count).boxed().toList());
        late.removeAll(ids(feeds.snapshot(dimension.feed())));
        assertThat(late).hasSize(count / 20);

        Map<Long, Long> arrivals = new HashMap<>();
        long snapshot = feeds.snapshotRecords(dimension.feed());
        for (SourceRecord record : records(dimension)) {
            if (late.contains(id(record)) && !arrivals.containsKey(id(record))) {
                arrivals.put(id(record), record.offset() - snapshot);
                assertThat(row(dimension, record).validFrom()).isLessThan(MARKET.open());
            }
        }
        assertThat(arrivals.keySet()).isEqualTo(late);
        long live = feeds.liveRecords(dimension);
        for (int tenth = 0; tenth < 10; tenth++) {
            long from = live * tenth / 10;
            long to = live * (tenth + 1) / 10;
            assertThat(arrivals.values().stream().filter(at -> at >= from && at < to))
                    .as("late rows in tenth %s", tenth)
                    .hasSizeBetween(count / 200 - 1, count / 200 + 1);
        }

        long needing = LongStream.range(0, 1_000)
                .mapToObj(index -> trade(feeds.trade(index)))
                .filter(trade -> trade != null && late.contains(trade.id(Dimension.BUNDLED.indexOf(dimension))))
                .count();
        assertThat(needing).isPositive();
    }

    @Test
    void repeatsAnEarlierValidTradeAsADuplicate() {
        TradeFeed trades = new TradeFeed(MARKET, FramingPrefixes.SINGLE_OBJECT, new BundledTrades(MARKET));
        long farthest = 0;
        for (long index = 0; index < MARKET.trades(); index++) {
            if (!feeds.isDuplicate(index)) {
                continue;
            }
            long original = trades.original(index);
            assertThat(index - original).isBetween(1L, TradeFeed.MAX_DISTANCE);
            assertThat(feeds.isDuplicate(original)).isFalse();
            assertThat(feeds.isMalformed(original)).isFalse();
            assertThat(feeds.isMalformed(index)).isFalse();
            assertThat(feeds.trade(index).value())
                    .isEqualTo(feeds.trade(original).value());
            assertThat(feeds.trade(index).key()).isEqualTo(feeds.trade(original).key());
            farthest = Math.max(farthest, index - original);
        }
        assertThat(farthest).isGreaterThan(TradeFeed.MAX_DISTANCE * 9 / 10);
    }

    @Test
    void generatesMostlyAscendingTradeIds() {
        long ascending = 0;
        long pairs = 0;
        long last = 0;
        for (long index = 0; index < MARKET.trades(); index++) {
            Trade trade = trade(feeds.trade(index));
            if (trade != null && !feeds.isDuplicate(index)) {
                pairs++;
                ascending += trade.tradeId() > last ? 1 : 0;
                last = trade.tradeId();
            }
        }
        assertThat((double) ascending / pairs).isBetween(0.8, 0.99);
    }

    @Test
    void meetsTheConfiguredShares() {
        ExpectedCounts expected = feeds.expected();

        assertThat(expected.duplicates() / 90_000.0).isEqualTo(0.03, within(0.002));
        assertThat(expected.malformed() / 90_000.0).isEqualTo(0.02, within(0.002));
    }

    @Test
    void generatesHotInstrumentsAndUniformUsers() {
        Map<Long, Integer> byInstrument = new HashMap<>();
        Map<Long, Integer> byUser = new HashMap<>();
        for (long index = 0; index < MARKET.trades(); index++) {
            Trade trade = trade(feeds.trade(index));
            if (trade != null) {
                byInstrument.merge(trade.id(0), 1, Integer::sum);
                byUser.merge(trade.id(1), 1, Integer::sum);
            }
        }
        assertThat(byInstrument.get(1L)).isBetween(1_600, 2_400);
        assertThat(byInstrument).hasSizeGreaterThan(1_990);
        assertThat(byUser).hasSize(600);
        assertThat(byUser.values()).allMatch(trades -> trades > 80 && trades < 230);
    }

    @Test
    void expectsTheCountsOfTheGeneratedRecords() {
        for (Market market : List.of(
                MARKET,
                new Market(9, TODAY.toEpochDay(), 50_000, 10, 10, 0, 0, 0),
                new Market(9, TODAY.toEpochDay(), 50_000, 10, 10, 0.5, 0.6, 0.3))) {
            MarketFeeds some = new MarketFeeds(market);
            Set<Long> seen = new HashSet<>();
            long duplicates = 0;
            long malformed = 0;
            for (long index = 0; index < market.trades(); index++) {
                Trade trade = trade(some.trade(index));
                if (trade == null) {
                    malformed++;
                } else if (!seen.add(trade.tradeId())) {
                    duplicates++;
                }
            }
            assertThat(some.expected())
                    .isEqualTo(new ExpectedCounts(market.trades(), duplicates, malformed, seen.size()));
        }
    }

    @Test
    void rejectsAnIndexBeyondTheFeed() {
        assertThatThrownBy(() -> feeds.trade(MARKET.trades())).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> feeds.live(Dimension.USER, feeds.liveRecords(Dimension.USER)))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    private List<SourceRecord> records(Dimension dimension) {
        List<SourceRecord> records = new ArrayList<>();
        feeds.snapshot(dimension.feed()).forEach(records::add);
        LongStream.range(0, feeds.liveRecords(dimension))
                .mapToObj(index -> feeds.live(dimension, index))
                .forEach(records::add);
        return records;
    }

    private static List<String> everything(MarketFeeds feeds) {
        List<String> all = new ArrayList<>();
        feeds.snapshot(Feed.INSTRUMENTS).forEach(record -> all.add(text(record)));
        feeds.snapshot(Feed.USERS).forEach(record -> all.add(text(record)));
        LongStream.range(0, MARKET.trades()).forEach(index -> all.add(text(feeds.trade(index))));
        LongStream.range(0, feeds.liveRecords(Dimension.INSTRUMENT))
                .forEach(index -> all.add(text(feeds.live(Dimension.INSTRUMENT, index))));
        LongStream.range(0, feeds.liveRecords(Dimension.USER))
                .forEach(index -> all.add(text(feeds.live(Dimension.USER, index))));
        return all;
    }

    private static String text(SourceRecord record) {
        return record + " " + record.timestamp() + " " + Arrays.hashCode(record.key()) + " "
                + Arrays.toString(record.value());
    }

    private static Set<Long> ids(Iterable<SourceRecord> records) {
        Set<Long> ids = new HashSet<>();
        records.forEach(record -> ids.add(id(record)));
        return ids;
    }

    private static long id(SourceRecord record) {
        assertThat(record.key()).hasSize(8);
        return ByteBuffer.wrap(record.key()).getLong();
    }

    /** The symbols of the instruments in the snapshot, from the fragments of their first versions. */
    private static Set<String> symbols(Market market) throws DecodeException, IOException {
        Set<String> symbols = new HashSet<>();
        Set<Long> listed = new HashSet<>();
        for (SourceRecord record : new MarketFeeds(market).snapshot(Feed.INSTRUMENTS)) {
            if (record.value() != null && id(record) <= market.instruments() && listed.add(id(record))) {
                byte[] fragment = row(Dimension.INSTRUMENT, record).fragment();
                symbols.add(new String(fragment, 2, fragment[1] >> 1, StandardCharsets.US_ASCII));
            }
        }
        return symbols;
    }

    private static final DatumReader TRADES =
            new DatumReader(Framing.SINGLE_OBJECT, KNOWN, Schemas.TRADE, Integer.MAX_VALUE);
    private static final DatumReader INSTRUMENTS =
            new DatumReader(Framing.SINGLE_OBJECT, KNOWN, Schemas.INSTRUMENT, Integer.MAX_VALUE);
    private static final DatumReader USERS =
            new DatumReader(Framing.SINGLE_OBJECT, KNOWN, Schemas.USER, Integer.MAX_VALUE);

    /** The trade as the job reads it; null if the job rejects the record. */
    private static Trade trade(SourceRecord record) {
        try {
            return record.value() == null ? null : read(record);
        } catch (DecodeException e) {
            return null;
        }
    }

    private static Trade read(SourceRecord record) throws DecodeException {
        wrap(TRADES, record.value());
        return new TradeReader(JobSchemas.bundled().trade()).read(record, TRADES.bytes(), TRADES.start());
    }

    private static void wrap(DatumReader datum, byte[] value) throws DecodeException {
        try {
            datum.wrap(value);
        } catch (InterruptedException e) {
            throw new IllegalStateException("known schemas do not block", e);
        }
    }

    private static String reason(byte[] value) {
        try {
            return "none: " + read(new SourceRecord(Feed.TRADES, 0, 0, 0, null, value, List.of()));
        } catch (DecodeException e) {
            return e.reason().name();
        }
    }

    private static DimensionUpdate row(Dimension dimension, SourceRecord record) throws DecodeException {
        DatumReader datum = dimension.equals(Dimension.INSTRUMENT) ? INSTRUMENTS : USERS;
        wrap(datum, record.value());
        return new RowReader(JobSchemas.bundled().row(dimension)).read(record, datum.bytes(), datum.start());
    }

    private static BinaryMessageDecoder<GenericRecord> avro(Schema schema) {
        GenericData data = new GenericData();
        data.addLogicalTypeConversion(new Conversions.DecimalConversion());
        data.addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
        data.addLogicalTypeConversion(new TimeConversions.DateConversion());
        return new BinaryMessageDecoder<>(data, schema);
    }
}
