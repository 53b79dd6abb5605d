package io.tradeenrichment.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradeenrichment.Samples;
import io.tradeenrichment.codec.WireFormat;
import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.key.KeyFormat;
import io.tradeenrichment.codec.key.KeyFormats;
import io.tradeenrichment.codec.key.KeyWriter;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionSnapshot;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.RejectedRecord;
import io.tradeenrichment.model.SnapshotRecords;
import io.tradeenrichment.model.SourceRecord;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SnapshotDecoderTest {
    private static final SourceRecord BROKEN =
            new SourceRecord(Feed.USERS, 0, 9, 5_000, DatumBuffer.key(3), new byte[] {1}, List.of());

    @Test
    void decodesSnapshotRecordsAsLiveRecords() throws Exception {
        ReceivedSnapshot received = read((dimensions, to) -> {
            to.record(Samples.stockRecord(7, 1, "SPY"), false);
            to.record(Samples.userRecord(3, 2, "u"), true);
            to.record(Samples.tombstone(Feed.USERS, 4, 5_000, 8), false);
        });
        assertThat(received.updates)
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(
                        Samples.at(0, 0, Samples.stock(7, 1, "SPY")),
                        Samples.at(0, 0, Samples.user(3, 2, "u")),
                        Samples.at(0, 8, Samples.deletion(Dimension.USER, 4, 5_000_999)));
        assertThat(received.rejected).isEmpty();
    }

    @Test
    void readsTheKeyInTheFormatOfTheDimension() throws Exception {
        WireFormat wire = new WireFormat(
                Samples.WIRE.framing(),
                Samples.WIRE.writers(),
                Samples.WIRE.maxRecordSize(),
                new KeyFormats(Map.of(Dimension.INSTRUMENT, KeyFormat.TEXT, Dimension.USER, KeyFormat.AVRO)));
        byte[] text = KeyWriter.singleObject(KeyFormat.TEXT).key(9);
        byte[] avro = KeyWriter.singleObject(KeyFormat.AVRO).key(9);
        ReceivedSnapshot received = new ReceivedSnapshot();
        new SnapshotDecoder(
                        (dimensions, to) -> {
                            to.record(new SourceRecord(Feed.INSTRUMENTS, 0, 1, 5_000, text, null, List.of()), false);
                            to.record(new SourceRecord(Feed.USERS, 0, 1, 5_000, avro, null, List.of()), false);
                            to.record(new SourceRecord(Feed.USERS, 0, 2, 5_000, text, null, List.of()), false);
                            to.record(Samples.stockRecord(7, 1, "SPY"), false);
                        },
                        wire)
                .readAll(Set.copyOf(Dimension.BUNDLED), received);
        assertThat(received.updates).extracting(DimensionUpdate::id).containsExactly(9L, 9L);
        assertThat(received.rejected)
                .extracting(RejectedRecord::reason)
                .containsExactly(Reason.WRONG_KEY, Reason.WRONG_KEY);
        assertThat(received.rejected.get(0).message()).contains("dimensions.user.key-format is avro");
        assertThat(received.rejected.get(1).message()).contains("dimensions.instrument.key-format is text");
    }

    @Test
    void rejectsAnInvalidRecordUnchanged() throws Exception {
        ReceivedSnapshot received = read((dimensions, to) -> to.record(BROKEN, false));
        assertThat(received.updates).isEmpty();
        assertThat(received.rejected).singleElement().satisfies(letter -> {
            assertThat(letter.source()).isSameAs(BROKEN);
            assertThat(letter.reason()).isEqualTo(Reason.UNKNOWN_FRAMING);
        });
    }

    @Test
    void leavesARedeliveredInvalidRecordToTheLiveFeed() throws Exception {
        ReceivedSnapshot received = read((dimensions, to) -> {
            to.record(BROKEN, true);
            to.record(Samples.userRecord(3, 2, "u"), true);
        });
        assertThat(received.rejected).isEmpty();
        assertThat(received.updates).extracting(DimensionUpdate::id).containsExactly(3L);
    }

    @Test
    void passesOnTheOffsetsThatWereRead() throws Exception {
        ReceivedSnapshot received = read((dimensions, to) -> {
            to.readUpTo(Dimension.USER, 3, 100);
            to.readUpTo(Dimension.INSTRUMENT, 0, 7);
        });
        assertThat(received.readUpTo).containsExactly("users/3 < 100", "instruments/0 < 7");
    }

    @Test
    void failsIfTheRecordsCannotBeRead() {
        assertThatThrownBy(() -> read((dimensions, to) -> {
                    throw new IOException("the broker is gone");
                }))
                .hasMessage("the broker is gone");
    }

    private static ReceivedSnapshot read(SnapshotRecords records) throws Exception {
        ReceivedSnapshot received = new ReceivedSnapshot();
        new SnapshotDecoder(records, Samples.WIRE).readAll(Set.copyOf(Dimension.BUNDLED), received);
        return received;
    }

    private static final class ReceivedSnapshot implements DimensionSnapshot.Receiver {
        private final List<DimensionUpdate> updates = new ArrayList<>();
        private final List<RejectedRecord> rejected = new ArrayList<>();
        private final List<String> readUpTo = new ArrayList<>();

        @Override
        public void update(DimensionUpdate update) {
            updates.add(update);
        }

        @Override
        public void rejected(RejectedRecord record) {
            rejected.add(record);
        }

        @Override
        public void readUpTo(Dimension dimension, int partition, long next) {
            readUpTo.add(dimension.feed().title() + "/" + partition + " < " + next);
        }
    }
}
