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

    /** An invalid instrument record, the reason, and the start of the message. */
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
                        "the key is instrument 8, but the row is 7;"
                                + " compaction and tombstones use the key, so both must have the same id"),
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
                        "the tombstone of the instrument has the timestamp 1700000000000000000 ms since 1970,"
                                + " which is out of range in microseconds"));
    }

    private static Bad bad(byte @Nullable [] key, byte @Nullable [] value, Reason reason, String message) {
        return new Bad(key, value, 5_000, reason, message);
    }

    @ParameterizedTest
    @MethodSource("bad")
    void rejectsAnInvalidRowUnchanged(Bad bad) throws Exception {
        SourceRecord record =
                new SourceRecord(Feed.INSTRUMENTS, 0, 1, bad.timestamp(), bad.key(), bad.value(), List.of());
        try (var decoder = DecoderHarness.open(decoder(Dimension.INSTRUMENT, EndOffsets.GENERATED))) {
            decoder.receive(record);
            assertThat(decoder.decoded).isEmpty();
            assertThat(decoder.rejected).singleElement().satisfies(letter -> {
                assertThat(letter.source()).isSameAs(record);
                assertThat(letter.reason()).isEqualTo(bad.reason());
                assertThat(letter.message()).startsWith(bad.message());
            });
        }
    }

    @ParameterizedTest
    @MethodSource("bad")
    void decodesTheRowAfterAnInvalidOne(Bad bad) throws Exception {
        try (var decoder = DecoderHarness.open(decoder(Dimension.INSTRUMENT, EndOffsets.GENERATED))) {
            decoder.receive(new SourceRecord(Feed.INSTRUMENTS, 0, 1, 5_000, bad.key(), bad.value(), List.of()));
            decoder.receive(Samples.stockRecord(9, 1, "QQQ", 2));
            assertThat(updates(decoder)).extracting(DimensionUpdate::id).endsWith(9L);
        }
    }

    @Test
    void decodesARowIntoAnUpdateWithItsSource() throws Exception {
        SourceRecord record = new SourceRecord(
                Feed.USERS,
                2,
                1042,
                5_000,
                DatumBuffer.key(3),
                Samples.userRecord(3, 77, "u").value(),
                List.of());
        try (var decoder = DecoderHarness.open(decoder(Dimension.USER, EndOffsets.GENERATED))) {
            decoder.receive(record);
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
    void decodesATombstoneIntoADeletionAtItsRecordTimestamp() throws Exception {
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
    void readsTheKeyInTheFormatOfTheDimension(KeyFormat format) throws Exception {
        WireFormat wire = new WireFormat(
                Samples.WIRE.framing(),
                Samples.WIRE.writers(),
                Samples.WIRE.maxRecordSize(),
                new KeyFormats(Map.of(Dimension.INSTRUMENT, format)));
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
                    .satisfies(letter ->
                            assertThat(letter.message()).startsWith("the key is instrument 70, but the row is 7;"));
        }
        // The other dimension has its own format.
        try (var decoder = DecoderHarness.open(new DimensionDecoder(Dimension.USER, wire, 1, EndOffsets.GENERATED))) {
            decoder.receive(Samples.tombstone(Feed.USERS, 3, 5_000, 8));
            assertThat(updates(decoder)).extracting(DimensionUpdate::id).containsExactly(3L);
        }
    }

    @Test
    void aTombstoneWithoutATimestampIsTheOldest() throws Exception {
        try (var decoder = DecoderHarness.open(decoder(Dimension.USER, EndOffsets.GENERATED))) {
            decoder.receive(Samples.tombstone(Feed.USERS, 3, -1, 8));
            assertThat(updates(decoder)).extracting(DimensionUpdate::validFrom).containsExactly(999L);
        }
    }

    /** Read progress follows the updates that it covers, and is emitted only if it has advanced. */
    @Test
    void emitsReadProgress() throws Exception {
        var ends = new FixedEnds();
        try (var decoder = DecoderHarness.open(decoder(Dimension.USER, ends))) {
            decoder.advanceTo(DimensionDecoder.PERIOD_MILLIS);
            assertThat(decoder.decoded).as("no end offsets yet").isEmpty();
            FixedEnds.newest = new EndOffsets.Ends(7_000, true, Map.of(0, 3L));
            decoder.receive(Samples.written(5_000, Samples.userRecord(3, 1, "u", 1)));
            decoder.advanceTo(2 * DimensionDecoder.PERIOD_MILLIS);
            decoder.receive(Samples.written(6_000, Samples.userRecord(4, 1, "u", 2)));
            decoder.advanceTo(3 * DimensionDecoder.PERIOD_MILLIS);
            decoder.advanceTo(4 * DimensionDecoder.PERIOD_MILLIS);
            assertThat(decoder.decoded).hasSize(3);
            assertThat(decoder.decoded.get(2)).isEqualTo(new ReadProgress(Dimension.USER, 6_999, 7_000));
            assertThat(FixedEnds.positions).isEqualTo(Map.of(0, 3L));
        }
        assertThat(FixedEnds.closed).isTrue();
    }

    @Test
    void readProgressIncludesARejectedRecord() throws Exception {
        FixedEnds.newest = new EndOffsets.Ends(7_000, true, Map.of(0, 2L));
        try (var decoder = DecoderHarness.open(decoder(Dimension.USER, new FixedEnds()))) {
            decoder.receive(new SourceRecord(Feed.USERS, 0, 1, 5_000, KEY, new byte[] {1}, List.of()));
            decoder.advanceTo(DimensionDecoder.PERIOD_MILLIS);
            assertThat(decoder.decoded).containsExactly(new ReadProgress(Dimension.USER, 6_999, 7_000));
        }
    }

    @Test
    void restoresItsPosition() throws Exception {
        FixedEnds.newest = new EndOffsets.Ends(7_000, true, Map.of(0, 3L));
        OperatorSubtaskState state;
        try (var decoder = DecoderHarness.open(decoder(Dimension.USER, new FixedEnds()))) {
            decoder.receive(Samples.userRecord(3, 1, "u", 2));
            state = decoder.snapshot();
        }
        try (var decoder = DecoderHarness.restore(decoder(Dimension.USER, new FixedEnds()), state)) {
            decoder.advanceTo(DimensionDecoder.PERIOD_MILLIS);
            assertThat(decoder.decoded).containsExactly(new ReadProgress(Dimension.USER, 6_999, 7_000));
        }
        FixedEnds.start = new EndOffsets.Start(8, Map.of(0, 1L));
        try (var decoder = DecoderHarness.restore(decoder(Dimension.USER, new FixedEnds()), state)) {
            decoder.advanceTo(DimensionDecoder.PERIOD_MILLIS);
            assertThat(decoder.decoded).as("another topic").isEmpty();
            assertThat(FixedEnds.positions).isEqualTo(Map.of(0, 1L));
        }
        var nextGeneration = new DimensionDecoder(Dimension.USER, Samples.WIRE, 2, new FixedEnds());
        try (var decoder = DecoderHarness.restore(nextGeneration, state)) {
            decoder.advanceTo(DimensionDecoder.PERIOD_MILLIS);
            assertThat(FixedEnds.positions).as("another generation").isEqualTo(Map.of(0, 1L));
        }
    }

    @BeforeEach
    void resetEnds() {
        FixedEnds.start = new EndOffsets.Start(7, Map.of(0, 1L));
        FixedEnds.newest = null;
        FixedEnds.closed = false;
    }

    /** End offsets that a test sets. */
    private static final class FixedEnds implements EndOffsets {
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
