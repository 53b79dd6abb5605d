package io.tradeenrichment.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.Samples;
import io.tradeenrichment.codec.WireFormat;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.key.KeyFormat;
import io.tradeenrichment.codec.key.KeyFormats;
import io.tradeenrichment.codec.key.KeyWriter;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionEvent;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.EndOffsets;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.ReadProgress;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.SourceRecord;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class DimensionDecoderTest {
    private static final byte[] KEY = DatumBuffer.key(7);

    /** A record that is no row of the instruments, why, and the sentence that says so. */
    record Bad(byte @Nullable [] key, byte @Nullable [] value, long timestamp, Reason reason, String message) {
        @Override
        public String toString() {
            return reason + ": " + message;
        }
    }

    static Stream<Bad> bad() {
        byte[] good = Samples.stockRecord(7, 1, "SPY").value();
        return Stream.of(
                bad(
                        null,
                        good,
                        Reason.WRONG_KEY,
                        "the key must be the instrument's id in eight bytes, big-endian"
                                + " (dimensions.instrument.key-format is big-endian), but there is none"),
                bad(
                        new byte[] {0, 0, 0, 7},
                        good,
                        Reason.WRONG_KEY,
                        "the key must be the instrument's id in eight bytes, big-endian"
                                + " (dimensions.instrument.key-format is big-endian), but it is 00 00 00 07, 4 bytes"),
                bad(
                        DatumBuffer.key(8),
                        good,
                        Reason.WRONG_KEY,
                        "the key says instrument 8, the row says 7;"
                                + " compaction and tombstones go by the key, so both must say the same"),
                bad(new byte[9], null, Reason.WRONG_KEY, "the key must be the instrument's id in eight bytes"),
                bad(KEY, new byte[(1 << 20) + 1], Reason.TOO_LARGE, "the value has 1048577 bytes"),
                bad(KEY, new byte[] {1}, Reason.UNKNOWN_FRAMING, "the value has 1 bytes"),
                bad(
                        KEY,
                        Samples.userRecord(7, 1, "u").value(),
                        Reason.INCOMPATIBLE_SCHEMA,
                        "a record written as io.tradeenrichment.User cannot be read as io.tradeenrichment.Instrument"),
                bad(KEY, Arrays.copyOf(good, good.length - 1), Reason.MALFORMED, "the datum ends within a number"),
                bad(KEY, Samples.stockRecord(7, 1, "").value(), Reason.INVALID_ROW, "ticker is empty"),
                bad(
                        KEY,
                        option(100_000_000L),
                        Reason.OUT_OF_RANGE,
                        "strike has more than the 8 digits its type allows"),
                new Bad(
                        KEY,
                        null,
                        1_700_000_000_000_000_000L,
                        Reason.OUT_OF_RANGE,
                        "the record that deletes the instrument is dated 1700000000000000000 ms since 1970,"
                                + " which is no date in microseconds"));
    }

    private static Bad bad(byte @Nullable [] key, byte @Nullable [] value, Reason reason, String message) {
        return new Bad(key, value, 5_000, reason, message);
    }

    @ParameterizedTest
    @MethodSource("bad")
    void whatIsNoRowIsHandedBackUntouchedWithTheReason(Bad bad) throws Exception {
        SourceRecord received =
                new SourceRecord(Feed.INSTRUMENTS, 0, 1, bad.timestamp(), bad.key(), bad.value(), List.of());
        try (var decoder = DecoderHarness.open(decoder(Dimension.INSTRUMENT, EndOffsets.GENERATED))) {
            decoder.receive(received);
            assertThat(decoder.decoded).isEmpty();
            assertThat(decoder.rejected).singleElement().satisfies(rejection -> {
                assertThat(rejection.received()).isSameAs(received);
                assertThat(rejection.reason()).isEqualTo(bad.reason());
                assertThat(rejection.message()).startsWith(bad.message());
            });
        }
    }

    @ParameterizedTest
    @MethodSource("bad")
    void theRowAfterOneThatIsNoneIsDecoded(Bad bad) throws Exception {
        try (var decoder = DecoderHarness.open(decoder(Dimension.INSTRUMENT, EndOffsets.GENERATED))) {
            decoder.receive(new SourceRecord(Feed.INSTRUMENTS, 0, 1, 5_000, bad.key(), bad.value(), List.of()));
            decoder.receive(Samples.stockRecord(9, 1, "QQQ", 2));
            assertThat(updates(decoder)).extracting(DimensionUpdate::id).endsWith(9L);
        }
    }

    @Test
    void aRowBecomesAnUpdateThatKnowsWhereItCameFrom() throws Exception {
        SourceRecord received = new SourceRecord(
                Feed.USERS,
                2,
                1042,
                5_000,
                DatumBuffer.key(3),
                Samples.userRecord(3, 77, "u").value(),
                List.of());
        try (var decoder = DecoderHarness.open(decoder(Dimension.USER, EndOffsets.GENERATED))) {
            decoder.receive(received);
            assertThat(decoder.rejected).isEmpty();
            assertThat(updates(decoder)).singleElement().satisfies(update -> {
                assertThat(update.dimension()).isEqualTo(Dimension.USER);
                assertThat(update.id()).isEqualTo(3);
                assertThat(update.validFrom()).isEqualTo(77);
                assertThat(update.fragment()).isEqualTo(Samples.user(3, 77, "u").fragment());
                assertThat(update.partition()).isEqualTo(2);
                assertThat(update.offset()).isEqualTo(1042);
            });
        }
    }

    @Test
    void aTombstoneDeletesTheRowOfItsKeyAsOfItsRecordsTime() throws Exception {
        try (var decoder = DecoderHarness.open(decoder(Dimension.USER, EndOffsets.GENERATED))) {
            decoder.receive(Samples.tombstone(Feed.USERS, -3, 5_000, 8));
            assertThat(updates(decoder)).singleElement().satisfies(update -> {
                assertThat(update.id()).isEqualTo(-3);
                assertThat(update.validFrom()).isEqualTo(5_000_999);
                assertThat(update.fragment()).isNull();
                assertThat(update.offset()).isEqualTo(8);
            });
        }
    }

    @ParameterizedTest
    @EnumSource(KeyFormat.class)
    void rowsAndTombstonesGoByTheKeyInTheFormatOfTheirDimension(KeyFormat format) throws Exception {
        WireFormat wire = new WireFormat(
                Samples.WIRE.framing(),
                Samples.WIRE.writers(),
                Samples.WIRE.maxRecordSize(),
                new KeyFormats(format, KeyFormat.BIG_ENDIAN));
        KeyWriter keys = KeyWriter.singleObject(format);
        byte[] row = Samples.stockRecord(7, 1, "SPY").value();
        try (var decoder =
                DecoderHarness.open(new DimensionDecoder(Dimension.INSTRUMENT, wire, 1, EndOffsets.GENERATED))) {
            decoder.receive(new SourceRecord(Feed.INSTRUMENTS, 0, 1, 5_000, keys.key(7), row, List.of()));
            decoder.receive(new SourceRecord(Feed.INSTRUMENTS, 0, 2, 5_000, keys.key(-8), null, List.of()));
            decoder.receive(new SourceRecord(Feed.INSTRUMENTS, 0, 3, 5_000, keys.key(70), row, List.of()));
            assertThat(updates(decoder)).extracting(DimensionUpdate::id).containsExactly(7L, -8L);
            assertThat(decoder.rejected)
                    .singleElement()
                    .satisfies(rejection ->
                            assertThat(rejection.message()).startsWith("the key says instrument 70, the row says 7;"));
        }
        // The other dimension has its own format.
        try (var decoder = DecoderHarness.open(new DimensionDecoder(Dimension.USER, wire, 1, EndOffsets.GENERATED))) {
            decoder.receive(Samples.tombstone(Feed.USERS, 3, 5_000, 8));
            assertThat(updates(decoder)).extracting(DimensionUpdate::id).containsExactly(3L);
        }
    }

    @Test
    void aTombstoneWithoutATimeIsAsOldAsCanBe() throws Exception {
        try (var decoder = DecoderHarness.open(decoder(Dimension.USER, EndOffsets.GENERATED))) {
            decoder.receive(Samples.tombstone(Feed.USERS, 3, -1, 8));
            assertThat(updates(decoder)).extracting(DimensionUpdate::validFrom).containsExactly(999L);
        }
    }

    /** It says how far the feed was read behind the updates that it speaks of, and only if that is further than before. */
    @Test
    void saysHowFarTheFeedHasBeenRead() throws Exception {
        var ends = new KnownEnds();
        try (var decoder = DecoderHarness.open(decoder(Dimension.USER, ends))) {
            decoder.timeIs(DimensionDecoder.PERIOD_MILLIS);
            assertThat(decoder.decoded).as("nothing is known yet").isEmpty();
            KnownEnds.newest = new EndOffsets.Ends(7_000, true, Map.of(0, 3L));
            decoder.receive(Samples.written(5_000, Samples.userRecord(3, 1, "u", 1)));
            decoder.timeIs(2 * DimensionDecoder.PERIOD_MILLIS);
            decoder.receive(Samples.written(6_000, Samples.userRecord(4, 1, "u", 2)));
            decoder.timeIs(3 * DimensionDecoder.PERIOD_MILLIS);
            decoder.timeIs(4 * DimensionDecoder.PERIOD_MILLIS);
            assertThat(decoder.decoded).hasSize(3);
            assertThat(decoder.decoded.get(2)).isEqualTo(new ReadProgress(Dimension.USER, 6_999, 7_000));
            assertThat(KnownEnds.positions).isEqualTo(Map.of(0, 3L));
        }
        assertThat(KnownEnds.closed).isTrue();
    }

    /** A rejected record has been read as well. */
    @Test
    void aRejectedRecordIsReadToo() throws Exception {
        KnownEnds.newest = new EndOffsets.Ends(7_000, true, Map.of(0, 2L));
        try (var decoder = DecoderHarness.open(decoder(Dimension.USER, new KnownEnds()))) {
            decoder.receive(new SourceRecord(Feed.USERS, 0, 1, 5_000, KEY, new byte[] {1}, List.of()));
            decoder.timeIs(DimensionDecoder.PERIOD_MILLIS);
            assertThat(decoder.decoded).containsExactly(new ReadProgress(Dimension.USER, 6_999, 7_000));
        }
    }

    @Test
    void aRestoredDecoderKnowsHowFarItHadRead() throws Exception {
        KnownEnds.newest = new EndOffsets.Ends(7_000, true, Map.of(0, 3L));
        OperatorSubtaskState state;
        try (var decoder = DecoderHarness.open(decoder(Dimension.USER, new KnownEnds()))) {
            decoder.receive(Samples.userRecord(3, 1, "u", 2));
            state = decoder.snapshot();
        }
        try (var decoder = DecoderHarness.restore(decoder(Dimension.USER, new KnownEnds()), state)) {
            decoder.timeIs(DimensionDecoder.PERIOD_MILLIS);
            assertThat(decoder.decoded).containsExactly(new ReadProgress(Dimension.USER, 6_999, 7_000));
        }
        KnownEnds.start = new EndOffsets.Start(8, Map.of(0, 1L));
        try (var decoder = DecoderHarness.restore(decoder(Dimension.USER, new KnownEnds()), state)) {
            decoder.timeIs(DimensionDecoder.PERIOD_MILLIS);
            assertThat(decoder.decoded).as("it is another topic").isEmpty();
            assertThat(KnownEnds.positions).isEqualTo(Map.of(0, 1L));
        }
        var nextGeneration = new DimensionDecoder(Dimension.USER, Samples.WIRE, 2, new KnownEnds());
        try (var decoder = DecoderHarness.restore(nextGeneration, state)) {
            decoder.timeIs(DimensionDecoder.PERIOD_MILLIS);
            assertThat(KnownEnds.positions).as("it begins behind another load").isEqualTo(Map.of(0, 1L));
        }
    }

    @BeforeEach
    void nothingIsKnown() {
        KnownEnds.start = new EndOffsets.Start(7, Map.of(0, 1L));
        KnownEnds.newest = null;
        KnownEnds.closed = false;
    }

    /** What the test says is known. */
    private static final class KnownEnds implements EndOffsets {
        private static Start start;
        private static @Nullable Ends newest;
        private static Map<Integer, Long> positions;
        private static boolean closed;

        @Override
        public Start start(Feed feed) {
            return start;
        }

        @Override
        public Watch watch(Feed feed) {
            return new Watch() {
                @Override
                public @Nullable Ends newest(Map<Integer, Long> at) {
                    positions = at;
                    return newest;
                }

                @Override
                public void close() {
                    closed = true;
                }
            };
        }
    }

    private static DimensionDecoder decoder(Dimension dimension, EndOffsets ends) {
        return new DimensionDecoder(dimension, Samples.WIRE, 1, ends);
    }

    private static List<DimensionUpdate> updates(DecoderHarness<DimensionEvent> decoder) {
        return decoder.decoded.stream().map(DimensionUpdate.class::cast).toList();
    }

    private static byte[] option(long unscaledStrike) {
        return Samples.framed(
                Schemas.INSTRUMENT,
                new DatumBuffer()
                        .writeLong(7)
                        .writeLong(1)
                        .writeString("SPY")
                        .writeInt(0)
                        .writeInt(1)
                        .writeDecimal(unscaledStrike)
                        .writeInt(1)
                        .writeInt(20_000));
    }
}
