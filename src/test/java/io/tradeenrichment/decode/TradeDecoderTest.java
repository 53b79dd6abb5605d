package io.tradeenrichment.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.Samples;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.schema.Framing;
import io.tradeenrichment.codec.schema.Schemas;
import io.tradeenrichment.model.Account;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.Header;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.RejectedRecord;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.model.Trade;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TradeDecoderTest {
    private static final byte[] GOOD = Samples.tradeRecord(1, 7, 3).value();

    /** An invalid value, the reason, and the start of the message. */
    record Bad(byte @Nullable [] value, Reason reason, String message) {
        @Override
        public String toString() {
            return reason + ": " + message;
        }
    }

    static Stream<Bad> bad() {
        byte[] extended = Arrays.copyOf(GOOD, GOOD.length + 1);
        byte[] otherFraming = GOOD.clone();
        otherFraming[0] = 0;
        byte[] otherFingerprint = GOOD.clone();
        otherFingerprint[2]++;
        return Stream.of(
                new Bad(null, Reason.NO_VALUE, "the trade has no value; a null value deletes a row, but not a trade"),
                new Bad(
                        new byte[(1 << 20) + 1],
                        Reason.TOO_LARGE,
                        "the value has 1048577 bytes, more than wire.record.max-size allows (1048576)"),
                new Bad(
                        new byte[0],
                        Reason.UNKNOWN_FRAMING,
                        "the value has 0 bytes, too few for the 10 of single-object framing"),
                new Bad(
                        otherFraming,
                        Reason.UNKNOWN_FRAMING,
                        "the value begins with 0x00 0x01, not as single-object framing does"),
                new Bad(
                        otherFingerprint,
                        Reason.UNKNOWN_SCHEMA,
                        "no schema with the fingerprint 0x"
                                + HexFormat.of().withUpperCase().toHexDigits(Framing.fingerprint(Schemas.TRADE) + 1)
                                + " is known"),
                new Bad(
                        Samples.userRecord(3, 1, "u").value(),
                        Reason.INCOMPATIBLE_SCHEMA,
                        "a record written as io.tradeenrichment.User cannot be read as io.tradeenrichment.Trade"),
                new Bad(
                        Arrays.copyOf(GOOD, GOOD.length - 1),
                        Reason.MALFORMED,
                        "the datum ends within a number (at byte 12 of 12)"),
                new Bad(extended, Reason.MALFORMED, "the datum has 1 bytes after its end (at byte 13 of 14)"),
                new Bad(
                        priced(new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0}),
                        Reason.OUT_OF_RANGE,
                        "trade_px has more than the 18 digits its type allows"));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void rejectsAnInvalidTradeUnchanged(Bad bad) throws Exception {
        SourceRecord record = record(bad.value());
        try (var decoder = DecoderHarness.open(new TradeDecoder(Samples.WIRE))) {
            decoder.receive(record);
            assertThat(decoder.decoded).isEmpty();
            assertThat(decoder.rejected).singleElement().satisfies(letter -> {
                assertThat(letter.source()).isSameAs(record);
                assertThat(letter.reason()).isEqualTo(bad.reason());
                assertThat(letter.message()).startsWith(bad.message());
            });
            assertThat(decoder.trades(Account.TRADES_IN)).isOne();
            assertThat(decoder.trades(Account.DEAD_LETTERED)).isOne();
        }
    }

    @ParameterizedTest
    @MethodSource("bad")
    void decodesTheTradeAfterAnInvalidOne(Bad bad) throws Exception {
        try (var decoder = DecoderHarness.open(new TradeDecoder(Samples.WIRE))) {
            decoder.receive(record(bad.value()));
            decoder.receive(Samples.tradeRecord(5, 7, 3));
            assertThat(decoder.decoded).extracting(Trade::tradeId).containsExactly(5L);
        }
    }

    @Test
    void aTradeSharesTheBytesOfItsSourceRecord() throws Exception {
        SourceRecord record = Samples.tradeRecord(1, 7, 3);
        try (var decoder = DecoderHarness.open(new TradeDecoder(Samples.WIRE))) {
            decoder.receive(record);
            assertThat(decoder.decoded).singleElement().satisfies(trade -> {
                assertThat(trade.source()).isSameAs(record);
                assertThat(trade.bytes()).isSameAs(record.value());
                assertThat(trade.start()).isEqualTo(Framing.SINGLE_OBJECT.length());
                assertThat(trade.tradeId()).isEqualTo(1);
                assertThat(trade.id(0)).isEqualTo(7);
                assertThat(trade.id(1)).isEqualTo(3);
                assertThat(trade.tradeTime()).isEqualTo(1_000_001);
            });
            assertThat(decoder.trades(Account.DEAD_LETTERED)).isZero();
        }
    }

    @Test
    void restoresTotals() throws Exception {
        OperatorSubtaskState state;
        try (var decoder = DecoderHarness.open(new TradeDecoder(Samples.WIRE))) {
            decoder.receive(Samples.tradeRecord(1, 7, 3));
            decoder.receive(Samples.tradeRecord(2, 7, 3));
            decoder.receive(record(null));
            state = decoder.snapshot();
            decoder.receive(Samples.tradeRecord(3, 7, 3));
        }
        try (var decoder = DecoderHarness.restore(new TradeDecoder(Samples.WIRE), state)) {
            assertThat(decoder.trades(Account.TRADES_IN)).isEqualTo(3);
            assertThat(decoder.trades(Account.DEAD_LETTERED)).isOne();
            decoder.receive(Samples.tradeRecord(3, 7, 3));
            decoder.receive(record(new byte[3]));
            assertThat(decoder.trades(Account.TRADES_IN)).isEqualTo(5);
            assertThat(decoder.trades(Account.DEAD_LETTERED)).isEqualTo(2);
        }
    }

    @Test
    void aRejectedRecordContainsItsSource() throws Exception {
        try (var decoder = DecoderHarness.open(new TradeDecoder(Samples.WIRE))) {
            decoder.receive(record(null));
            assertThat(decoder.rejected).extracting(RejectedRecord::source).hasToString("[trades-3@1042]");
        }
    }

    private static SourceRecord record(byte @Nullable [] value) {
        return new SourceRecord(
                Feed.TRADES, 3, 1042, 5_000, new byte[] {1, 2, 3}, value, List.of(new Header("trace", new byte[] {9})));
    }

    private static byte[] priced(byte[] unscaled) {
        DatumBuffer datum = new DatumBuffer()
                .writeLong(1)
                .writeLong(7)
                .writeLong(3)
                .writeLong(5)
                .writeBytes(unscaled, 0, unscaled.length)
                .writeLong(10)
                .writeInt(0);
        return Samples.framed(Schemas.TRADE, datum);
    }
}
