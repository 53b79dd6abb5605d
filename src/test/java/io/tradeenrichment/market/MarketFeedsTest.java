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

class MarketFeedsTest {
    private static final LocalDate TODAY = LocalDate.of(2026, 11, 22);
    private static final Market MARKET = new Market(42, TODAY.toEpochDay(), 90_000, 2_000, 600, 0.05, 0.03, 0.02);
    private static final KnownSchemas KNOWN =
            KnownSchemas.of(List.of(Schemas.TRADE, Schemas.INSTRUMENT, Schemas.USER, Schemas.ENRICHED_TRADE));

    private final MarketFeeds feeds = new MarketFeeds(MARKET);

    @Test
    void makesTheSameRecordsFromTheSameSeed() {
        MarketFeeds again = new MarketFeeds(MARKET);

        assertThat(everything(again)).isEqualTo(everything(feeds));
    }

    @Test
    void makesOtherTradesAndOtherLateRowsFromAnotherSeed() {
        MarketFeeds other = new MarketFeeds(new Market(43, TODAY.toEpochDay(), 90_000, 2_000, 600, 0.05, 0.03, 0.02));

        long alike = LongStream.range(0, 1_000)
                .filter(index -> Arrays.equals(
                        other.trade(index).value(), feeds.trade(index).value()))
                .count();
        assertThat(alike).isLessThan(50); // empty and null values are alike
        assertThat(ids(other.standing(Feed.USERS))).isNotEqualTo(ids(feeds.standing(Feed.USERS)));
    }

    @Test
    void makesTheSameRecordWhateverWasMadeBeforeIt() {
        List<String> upwards = everything(feeds);
        MarketFeeds fresh = new MarketFeeds(MARKET);

        List<String> downwards = new ArrayList<>();
        for (long index = fresh.userRecords() - 1; index >= 0; index--) {
            downwards.add(text(fresh.user(index)));
        }
        for (long index = fresh.instrumentRecords() - 1; index >= 0; index--) {
            downwards.add(text(fresh.instrument(index)));
        }
        for (long index = MARKET.trades() - 1; index >= 0; index--) {
            downwards.add(text(fresh.trade(index)));
        }

        Collections.reverse(downwards);
        assertThat(downwards).isEqualTo(upwards.subList(upwards.size() - downwards.size(), upwards.size()));
    }

    @Test
    void keepsTheOriginalMix() {
        long users = feeds.standingRecords(Feed.USERS) + feeds.userRecords();
        long instruments = feeds.standingRecords(Feed.INSTRUMENTS) + feeds.instrumentRecords();

        assertThat(users).isEqualTo(90_000 * 2 / 90);
        assertThat(instruments).isEqualTo(90_000 * 8 / 90);
        assertThat(100.0 * users / (users + instruments + MARKET.trades())).isEqualTo(2, within(0.001));
        assertThat(feeds.standing(Feed.USERS)).hasSize(Math.toIntExact(feeds.standingRecords(Feed.USERS)));
        assertThat(feeds.standing(Feed.TRADES)).isEmpty();
    }

    @Test
    void bringsEachRowOnceAndTheLateOnesLiveWhereTheUniverseIsLargerThanTheMix() {
        MarketFeeds crowded = new MarketFeeds(new Market(1, TODAY.toEpochDay(), 100, 5_000, 3_000, 0.02, 0, 0));

        assertThat(crowded.instrumentRecords()).isEqualTo(100);
        assertThat(crowded.userRecords()).isEqualTo(60);
        Set<Long> all = ids(crowded.standing(Feed.INSTRUMENTS));
        LongStream.range(0, 100).forEach(index -> all.add(id(crowded.instrument(index))));
        assertThat(all).containsAll(LongStream.rangeClosed(1, 5_000).boxed().toList());
    }

    @Test
    void worksForTheSmallestMarket() {
        MarketFeeds tiny = new MarketFeeds(new Market(7, TODAY.toEpochDay(), 1, 1, 1, 1, 0.4, 0));

        assertThat(tiny.expected()).isEqualTo(new Expected(1, 0, 0, 1));
        assertThat(id(tiny.trade(0))).isEqualTo(1);
        assertThat(ids(tiny.standing(Feed.INSTRUMENTS))).containsExactly(1L);
        assertThat(ids(tiny.standing(Feed.USERS))).containsExactly(1L);
        assertThat(tiny.instrumentRecords()).isZero();
    }

    @Test
    void underOtherIdsTheTradesAreTheSame() throws IOException {
        MarketFeeds renumbered = new MarketFeeds(MARKET.numberedFrom(1_000_000));
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
    @EnumSource(Dimension.class)
    void aSettledMarketHasItsLateRowsBesideTheFirstTradesOnly(Dimension dimension) {
        MarketFeeds settled = new MarketFeeds(MARKET.settledAfter(9_000));
        long records = dimension == Dimension.INSTRUMENT ? settled.instrumentRecords() : settled.userRecords();
        int count = dimension == Dimension.INSTRUMENT ? MARKET.instruments() : MARKET.users();
        Set<Long> missing =
                new HashSet<>(LongStream.rangeClosed(1, count).boxed().toList());
        missing.removeAll(ids(settled.standing(dimension.feed())));
        assertThat(missing).hasSize(count / 20);

        for (long index = 0; index < settled.settlingRecords(dimension); index++) {
            missing.remove(id(dimension == Dimension.INSTRUMENT ? settled.instrument(index) : settled.user(index)));
        }
        assertThat(missing).isEmpty();
        assertThat(settled.settlingRecords(dimension)).isBetween(records / 10 - 1, records / 10 + 1);
        assertThat(feeds.settlingRecords(dimension)).isEqualTo(records);
    }

    @Test
    void aLargerMarketHasNoRowThatASmallerOneHadDeleted() {
        MarketFeeds larger = new MarketFeeds(new Market(42, TODAY.toEpochDay(), 90_000, 5_000, 1_500, 0.05, 0, 0));
        for (Dimension dimension : Dimension.values()) {
            Set<Long> deleted = new HashSet<>();
            feeds.standing(dimension.feed()).forEach(row -> {
                if (row.value() == null) {
                    deleted.add(id(row));
                }
            });
            assertThat(deleted).isNotEmpty().allMatch(id -> id > 5_000_000);
            Set<Long> rows = new HashSet<>();
            larger.standing(dimension.feed()).forEach(row -> rows.add(id(row)));
            rows.removeIf(id -> id > 5_000_000);
            assertThat(rows).isNotEmpty().doesNotContainAnyElementsOf(deleted);
        }
    }

    @Test
    void underARegistrysFramingEachDatumIsTheSameBehindItsId() {
        Prefixes prefixes = Prefixes.of(Framing.CONFLUENT, feed -> 100 + feed.code());
        MarketFeeds confluent = new MarketFeeds(MARKET, prefixes);
        for (long index = 0; index < 1_000; index++) {
            if (!feeds.isMalformed(index)) {
                assertThat(datum(confluent.trade(index), 5, 101)).isEqualTo(datum(feeds.trade(index), 10, -1));
            }
        }
        assertThat(datum(confluent.standing(Feed.USERS).iterator().next(), 5, 103))
                .isEqualTo(datum(feeds.standing(Feed.USERS).iterator().next(), 10, -1));
    }

    @Test
    void inOtherKeyFormatsEachRowIsTheSameUnderTheSameId() {
        MarketFeeds other = new MarketFeeds(
                MARKET,
                Prefixes.SINGLE_OBJECT,
                KeyWriter.singleObject(KeyFormat.TEXT),
                new KeyWriter(KeyFormat.AVRO, Framing.CONFLUENT.prefix(258)));
        for (long index = 0; index < 500; index++) {
            SourceRecord instrument = feeds.instrument(index);
            assertThat(other.instrument(index).value()).isEqualTo(instrument.value());
            assertThat(new String(other.instrument(index).key(), StandardCharsets.US_ASCII))
                    .isEqualTo(String.valueOf(id(instrument)));
            SourceRecord user = feeds.user(index);
            assertThat(other.user(index).value()).isEqualTo(user.value());
            assertThat(other.user(index).key())
                    .isEqualTo(new DatumBuffer()
                            .writeRaw(new byte[] {0, 0, 0, 1, 2}, 0, 5)
                            .writeLong(id(user))
                            .toBytes());
            assertThat(other.trade(index).key()).isEqualTo(feeds.trade(index).key());
        }
        assertThat(other.standing(Feed.INSTRUMENTS).iterator().next().key())
                .isEqualTo(String.valueOf(
                                id(feeds.standing(Feed.INSTRUMENTS).iterator().next()))
                        .getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] datum(SourceRecord received, int start, int schemaId) {
        byte[] value = received.value();
        if (schemaId >= 0) {
            assertThat(Arrays.copyOf(value, start)).containsExactly(0, 0, 0, 0, schemaId);
        }
        return Arrays.copyOfRange(value, start, value.length);
    }

    @Test
    void goodTradesAreReadByAvroToSensibleValues() throws IOException {
        BinaryMessageDecoder<GenericRecord> avro = avro(Schemas.TRADE);
        Instant open = LocalDate.of(2026, 11, 20).atTime(14, 30).toInstant(ZoneOffset.UTC);
        int bought = 0;
        for (long index = 0; index < MARKET.trades(); index++) {
            if (feeds.isMalformed(index)) {
                continue;
            }
            SourceRecord received = feeds.trade(index);
            GenericRecord trade = avro.decode(received.value());

            assertThat((Long) trade.get("trade_id")).isBetween(1L, MARKET.trades());
            assertThat((Long) trade.get("instrument_id")).isBetween(1L, 2_000L).isEqualTo(id(received));
            assertThat((Long) trade.get("user_id")).isBetween(1L, 600L);
            assertThat((Instant) trade.get("trade_time")).isBetween(open, open.plusSeconds(4));
            assertThat((BigDecimal) trade.get("trade_px")).isBetween(new BigDecimal("0.05"), new BigDecimal("1000"));
            assertThat((Long) trade.get("quantity")).isBetween(1L, 1_000L);
            bought += trade.get("side").toString().equals("BUY") ? 1 : 0;

            assertThat(received.offset()).isEqualTo(index);
            assertThat(received.partition()).isZero();
            assertThat(Instant.ofEpochMilli(received.timestamp())).isBetween(open, open.plusSeconds(4));
        }
        assertThat(bought / 90_000.0).isEqualTo(0.49, within(0.01));
    }

    @Test
    void goodTradesPassTheJobsReaderAndOthersAreRefused() {
        for (long index = 0; index < MARKET.trades(); index++) {
            boolean refused = trade(feeds.trade(index)) == null;
            assertThat(refused).as("trade %s", index).isEqualTo(feeds.isMalformed(index));
        }
    }

    @ParameterizedTest
    @EnumSource(Corruption.class)
    void noTradeSurvivesDamage(Corruption damage) {
        IndexedRandom dice = new IndexedRandom(5, "survival");
        for (long index = 0; index < 5_000; index++) {
            if (feeds.isMalformed(index)) {
                continue;
            }
            SourceRecord good = feeds.trade(index);
            byte[] untouched = good.value().clone();
            byte[] spoilt = damage.done(good.value(), Framing.SINGLE_OBJECT, dice.roll(index));

            SourceRecord received = new SourceRecord(Feed.TRADES, 0, index, 0, good.key(), spoilt, List.of());
            assertThat(trade(received)).as("%s of trade %s", damage, index).isNull();
            assertThat(good.value()).isEqualTo(untouched);
        }
    }

    @Test
    void doesEveryKindOfDamageToSomeTrade() {
        Set<String> refusals = new TreeSet<>();
        for (long index = 0; index < MARKET.trades(); index++) {
            byte[] value = feeds.trade(index).value();
            if (value == null) {
                refusals.add("NO_VALUE");
            } else if (feeds.isMalformed(index)) {
                refusals.add(refusal(value) + (value.length == 0 ? " EMPTY" : ""));
            }
        }
        assertThat(refusals)
                .containsExactly("MALFORMED", "NO_VALUE", "UNKNOWN_FRAMING", "UNKNOWN_FRAMING EMPTY", "UNKNOWN_SCHEMA");
    }

    @ParameterizedTest
    @EnumSource(Dimension.class)
    void everyRowPassesTheJobsReader(Dimension dimension) throws DecodeException {
        long offset = 0;
        for (SourceRecord received : records(dimension)) {
            assertThat(received.feed()).isEqualTo(dimension.feed());
            assertThat(received.offset()).isEqualTo(offset++);
            if (received.value() != null) {
                assertThat(row(dimension, received).id()).isEqualTo(id(received));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Dimension.class)
    void aVersionSaysTheSameWhereverItComes(Dimension dimension) throws DecodeException {
        Map<String, ByteBuffer> versions = new HashMap<>();
        int repeated = 0;
        for (SourceRecord received : records(dimension)) {
            if (received.value() != null) {
                DimensionUpdate row = row(dimension, received);
                ByteBuffer value = ByteBuffer.wrap(received.value());
                ByteBuffer before = versions.putIfAbsent(row.id() + " as of " + row.validFrom(), value);
                repeated += before == null ? 0 : 1;
                assertThat(before == null || before.equals(value)).isTrue();
            }
        }
        assertThat(repeated).isPositive();
    }

    @ParameterizedTest
    @EnumSource(Dimension.class)
    void rowsMoveForwardAndSometimesComeOutOfOrder(Dimension dimension) throws DecodeException {
        Map<Long, Long> newest = new HashMap<>();
        int forward = 0;
        int standingOutOfOrder = 0;
        int liveOutOfOrder = 0;
        for (SourceRecord received : records(dimension)) {
            if (received.value() != null) {
                DimensionUpdate row = row(dimension, received);
                Long before = newest.merge(row.id(), row.validFrom(), Math::max);
                if (row.validFrom() < before) {
                    boolean standing = received.offset() < feeds.standingRecords(dimension.feed());
                    standingOutOfOrder += standing ? 1 : 0;
                    liveOutOfOrder += standing ? 0 : 1;
                } else if (row.validFrom() >= MARKET.open()) {
                    forward++;
                }
            }
        }
        assertThat(forward).isGreaterThan(500);
        assertThat(standingOutOfOrder).isGreaterThan(10);
        assertThat(liveOutOfOrder).isGreaterThan(100);
    }

    @Test
    void usersChangeTheirNamesAndNeverShareOne() throws IOException {
        BinaryMessageDecoder<GenericRecord> avro = avro(Schemas.USER);
        Map<String, Long> holders = new HashMap<>();
        Map<Long, Set<String>> names = new HashMap<>();
        for (SourceRecord received : records(Dimension.USER)) {
            if (received.value() != null) {
                GenericRecord user = avro.decode(received.value());
                String name = user.get("username").toString();
                assertThat(name).matches("[A-Z][a-z]+[A-Z][A-Za-z]+\\d*");
                assertThat(holders.merge(name, id(received), (before, now) -> before))
                        .isEqualTo(id(received));
                names.computeIfAbsent(id(received), id -> new HashSet<>()).add(name);
            }
        }
        assertThat(names.values().stream().filter(held -> held.size() > 1)).hasSizeGreaterThan(100);
    }

    @Test
    void usersNamesAreUniqueAmongAMillion() {
        DatumBuffer buffer = new DatumBuffer();
        Set<ByteBuffer> names = new HashSet<>();
        for (long id = 1; id <= 1_000_000; id++) {
            new Usernames().write(id, RowContent.ORIGINAL, buffer.clear());
            names.add(ByteBuffer.wrap(buffer.toBytes()));
        }
        assertThat(names).hasSize(1_000_000);
    }

    @Test
    void optionsExpireOnFutureFridaysAndTheirStrikesNeverChange() throws IOException {
        BinaryMessageDecoder<GenericRecord> avro = avro(Schemas.INSTRUMENT);
        Map<Long, Object> terms = new HashMap<>();
        Set<Object> stocks = new HashSet<>();
        for (SourceRecord received : records(Dimension.INSTRUMENT)) {
            if (received.value() == null || id(received) > Market.MAX_INSTRUMENTS) {
                continue;
            }
            GenericRecord instrument = avro.decode(received.value());
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
                assertThat(terms.merge(id(received), now, (before, same) -> before))
                        .isEqualTo(now);
            }
        }
        assertThat(100.0 * stocks.size() / (stocks.size() + terms.size())).isEqualTo(5, within(0.1));
    }

    @Test
    void everyDayOfTheWeekHasItsTradesBeforeAndItsExpiriesAfterIt() throws Exception {
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
    void symbolsAreUniqueAndFormedWellInALargeUniverse() throws Exception {
        Market large = new Market(1, TODAY.toEpochDay(), 10, 300_000, 1, 0, 0, 0);

        assertThat(symbols(large)).hasSize(300_000).allMatch(symbol -> symbol.matches("[A-Z]{1,5}(\\d{6}[CP]\\d{8})?"));
    }

    @Test
    void tradesReferOnlyToRowsThatComeAndAreNeverDeleted() throws DecodeException {
        Map<Dimension, Set<Long>> rows = new HashMap<>();
        Map<Dimension, Set<Long>> deleted = new HashMap<>();
        for (Dimension dimension : Dimension.values()) {
            rows.put(dimension, new HashSet<>());
            deleted.put(dimension, new HashSet<>());
            for (SourceRecord received : records(dimension)) {
                (received.value() == null ? deleted : rows).get(dimension).add(id(received));
            }
            assertThat(deleted.get(dimension)).hasSizeGreaterThan(10);
        }

        for (long index = 0; index < MARKET.trades(); index++) {
            Trade trade = trade(feeds.trade(index));
            for (Dimension dimension : Dimension.values()) {
                if (trade != null) {
                    assertThat(rows.get(dimension)).contains(trade.idOf(dimension));
                    assertThat(deleted.get(dimension)).doesNotContain(trade.idOf(dimension));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Dimension.class)
    void deletionsStandAgainstEveryVersionOfTheirRow(Dimension dimension) throws DecodeException {
        Map<Long, Long> deleted = new HashMap<>();
        int comeAfter = 0;
        for (SourceRecord received : records(dimension)) {
            Long deletion = deleted.get(id(received));
            if (received.value() == null) {
                deleted.merge(id(received), received.timestamp() * 1000, Math::min);
            } else if (deletion != null) {
                assertThat(row(dimension, received).validFrom()).isLessThan(deletion);
                comeAfter++;
            }
        }
        assertThat(comeAfter).isPositive();
    }

    @ParameterizedTest
    @EnumSource(Dimension.class)
    void lateRowsComeLiveFromStartToEndAndTradesNeedThemFromTheBeginning(Dimension dimension) throws DecodeException {
        int count = dimension == Dimension.INSTRUMENT ? MARKET.instruments() : MARKET.users();
        Set<Long> late = new HashSet<>(LongStream.rangeClosed(1, count).boxed().toList());
        late.removeAll(ids(feeds.standing(dimension.feed())));
        assertThat(late).hasSize(count / 20);

        Map<Long, Long> arrivals = new HashMap<>();
        long standing = feeds.standingRecords(dimension.feed());
        for (SourceRecord received : records(dimension)) {
            if (late.contains(id(received)) && !arrivals.containsKey(id(received))) {
                arrivals.put(id(received), received.offset() - standing);
                assertThat(row(dimension, received).validFrom()).isLessThan(MARKET.open());
            }
        }
        assertThat(arrivals.keySet()).isEqualTo(late);
        long live = dimension == Dimension.INSTRUMENT ? feeds.instrumentRecords() : feeds.userRecords();
        for (int tenth = 0; tenth < 10; tenth++) {
            long from = live * tenth / 10;
            long to = live * (tenth + 1) / 10;
            assertThat(arrivals.values().stream().filter(at -> at >= from && at < to))
                    .as("late rows in tenth %s", tenth)
                    .hasSizeBetween(count / 200 - 1, count / 200 + 1);
        }

        long needing = LongStream.range(0, 1_000)
                .mapToObj(index -> trade(feeds.trade(index)))
                .filter(trade -> trade != null && late.contains(trade.idOf(dimension)))
                .count();
        assertThat(needing).isPositive();
    }

    @Test
    void duplicatesRepeatAnEarlierGoodTradeWithinReach() {
        TradeFeed trades = new TradeFeed(MARKET, Prefixes.SINGLE_OBJECT);
        long farthest = 0;
        for (long index = 0; index < MARKET.trades(); index++) {
            if (!feeds.isDuplicate(index)) {
                continue;
            }
            long original = trades.original(index);
            assertThat(index - original).isBetween(1L, TradeFeed.REACH);
            assertThat(feeds.isDuplicate(original)).isFalse();
            assertThat(feeds.isMalformed(original)).isFalse();
            assertThat(feeds.isMalformed(index)).isFalse();
            assertThat(feeds.trade(index).value())
                    .isEqualTo(feeds.trade(original).value());
            assertThat(feeds.trade(index).key()).isEqualTo(feeds.trade(original).key());
            farthest = Math.max(farthest, index - original);
        }
        assertThat(farthest).isGreaterThan(TradeFeed.REACH * 9 / 10);
    }

    @Test
    void tradeIdsMostlyAscend() {
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
    void sharesComeOutNearWhatWasAsked() {
        Expected expected = feeds.expected();

        assertThat(expected.duplicates() / 90_000.0).isEqualTo(0.03, within(0.002));
        assertThat(expected.malformed() / 90_000.0).isEqualTo(0.02, within(0.002));
    }

    @Test
    void someInstrumentsAreHotAndUsersAreNot() {
        Map<Long, Integer> byInstrument = new HashMap<>();
        Map<Long, Integer> byUser = new HashMap<>();
        for (long index = 0; index < MARKET.trades(); index++) {
            Trade trade = trade(feeds.trade(index));
            if (trade != null) {
                byInstrument.merge(trade.instrumentId(), 1, Integer::sum);
                byUser.merge(trade.userId(), 1, Integer::sum);
            }
        }
        assertThat(byInstrument.get(1L)).isBetween(1_600, 2_400);
        assertThat(byInstrument).hasSizeGreaterThan(1_990);
        assertThat(byUser).hasSize(600);
        assertThat(byUser.values()).allMatch(trades -> trades > 80 && trades < 230);
    }

    @Test
    void expectsWhatACountOfTheRecordsThemselvesGives() {
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
            assertThat(some.expected()).isEqualTo(new Expected(market.trades(), duplicates, malformed, seen.size()));
        }
    }

    @Test
    void refusesAnIndexBeyondTheFeed() {
        assertThatThrownBy(() -> feeds.trade(MARKET.trades())).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> feeds.user(feeds.userRecords())).isInstanceOf(IndexOutOfBoundsException.class);
    }

    private List<SourceRecord> records(Dimension dimension) {
        List<SourceRecord> records = new ArrayList<>();
        feeds.standing(dimension.feed()).forEach(records::add);
        boolean instruments = dimension == Dimension.INSTRUMENT;
        LongStream.range(0, instruments ? feeds.instrumentRecords() : feeds.userRecords())
                .mapToObj(index -> instruments ? feeds.instrument(index) : feeds.user(index))
                .forEach(records::add);
        return records;
    }

    private static List<String> everything(MarketFeeds feeds) {
        List<String> all = new ArrayList<>();
        feeds.standing(Feed.INSTRUMENTS).forEach(received -> all.add(text(received)));
        feeds.standing(Feed.USERS).forEach(received -> all.add(text(received)));
        LongStream.range(0, MARKET.trades()).forEach(index -> all.add(text(feeds.trade(index))));
        LongStream.range(0, feeds.instrumentRecords()).forEach(index -> all.add(text(feeds.instrument(index))));
        LongStream.range(0, feeds.userRecords()).forEach(index -> all.add(text(feeds.user(index))));
        return all;
    }

    private static String text(SourceRecord received) {
        return received + " " + received.timestamp() + " " + Arrays.hashCode(received.key()) + " "
                + Arrays.toString(received.value());
    }

    private static Set<Long> ids(Iterable<SourceRecord> records) {
        Set<Long> ids = new HashSet<>();
        records.forEach(received -> ids.add(id(received)));
        return ids;
    }

    private static long id(SourceRecord received) {
        assertThat(received.key()).hasSize(8);
        return ByteBuffer.wrap(received.key()).getLong();
    }

    /** The symbols of a market's standing instruments, each from its first version's encoded columns. */
    private static Set<String> symbols(Market market) throws DecodeException, IOException {
        Set<String> symbols = new HashSet<>();
        Set<Long> listed = new HashSet<>();
        for (SourceRecord received : new MarketFeeds(market).standing(Feed.INSTRUMENTS)) {
            if (received.value() != null && id(received) <= market.instruments() && listed.add(id(received))) {
                byte[] fragment = row(Dimension.INSTRUMENT, received).fragment();
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

    /** The trade as the job reads it; null where it refuses the record. */
    private static Trade trade(SourceRecord received) {
        try {
            return received.value() == null ? null : read(received);
        } catch (DecodeException refusal) {
            return null;
        }
    }

    private static Trade read(SourceRecord received) throws DecodeException {
        wrap(TRADES, received.value());
        return new TradeReader().read(received, TRADES.bytes(), TRADES.start());
    }

    private static void wrap(DatumReader datum, byte[] value) throws DecodeException {
        try {
            datum.wrap(value);
        } catch (InterruptedException e) {
            throw new IllegalStateException("known schemas are not waited for", e);
        }
    }

    private static String refusal(byte[] value) {
        try {
            return "none: " + read(new SourceRecord(Feed.TRADES, 0, 0, 0, null, value, List.of()));
        } catch (DecodeException refusal) {
            return refusal.reason().name();
        }
    }

    private static DimensionUpdate row(Dimension dimension, SourceRecord received) throws DecodeException {
        DatumReader datum = dimension == Dimension.INSTRUMENT ? INSTRUMENTS : USERS;
        wrap(datum, received.value());
        return new RowReader(dimension).read(received, datum.bytes(), datum.start());
    }

    private static BinaryMessageDecoder<GenericRecord> avro(Schema schema) {
        GenericData data = new GenericData();
        data.addLogicalTypeConversion(new Conversions.DecimalConversion());
        data.addLogicalTypeConversion(new TimeConversions.TimestampMicrosConversion());
        data.addLogicalTypeConversion(new TimeConversions.DateConversion());
        return new BinaryMessageDecoder<>(data, schema);
    }
}
