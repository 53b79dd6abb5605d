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
import org.junit.jupiter.api.Test;

class SnapshotDecoderTest {
    private static final SourceRecord BROKEN =
            new SourceRecord(Feed.USERS, 0, 9, 5_000, DatumBuffer.key(3), new byte[] {1}, List.of());

    @Test
    void standingRecordsBecomeTheRowsThatLiveOnesWould() throws Exception {
        Told told = read(to -> {
            to.record(Samples.stockRecord(7, 1, "SPY"), false);
            to.record(Samples.userRecord(3, 2, "u"), true);
            to.record(Samples.tombstone(Feed.USERS, 4, 5_000, 8), false);
        });
        assertThat(told.updates)
                .usingRecursiveFieldByFieldElementComparator()
                .containsExactly(
                        Samples.at(0, 0, Samples.stock(7, 1, "SPY")),
                        Samples.at(0, 0, Samples.user(3, 2, "u")),
                        Samples.at(0, 8, Samples.deletion(Dimension.USER, 4, 5_000_999)));
        assertThat(told.rejections).isEmpty();
    }

    @Test
    void standingRecordsAreReadWithTheKeyFormatOfTheirDimension() throws Exception {
        WireFormat wire = new WireFormat(
                Samples.WIRE.framing(),
                Samples.WIRE.writers(),
                Samples.WIRE.maxRecordSize(),
                new KeyFormats(KeyFormat.TEXT, KeyFormat.AVRO));
        byte[] text = KeyWriter.singleObject(KeyFormat.TEXT).key(9);
        byte[] avro = KeyWriter.singleObject(KeyFormat.AVRO).key(9);
        Told told = new Told();
        new SnapshotDecoder(
                        to -> {
                            to.record(new SourceRecord(Feed.INSTRUMENTS, 0, 1, 5_000, text, null, List.of()), false);
                            to.record(new SourceRecord(Feed.USERS, 0, 1, 5_000, avro, null, List.of()), false);
                            to.record(new SourceRecord(Feed.USERS, 0, 2, 5_000, text, null, List.of()), false);
                            to.record(Samples.stockRecord(7, 1, "SPY"), false);
                        },
                        wire)
                .readAll(told);
        assertThat(told.updates).extracting(DimensionUpdate::id).containsExactly(9L, 9L);
        assertThat(told.rejections)
                .extracting(RejectedRecord::reason)
                .containsExactly(Reason.WRONG_KEY, Reason.WRONG_KEY);
        assertThat(told.rejections.get(0).message()).contains("dimensions.user.key-format is avro");
        assertThat(told.rejections.get(1).message()).contains("dimensions.instrument.key-format is text");
    }

    @Test
    void aRecordThatIsNoRowIsRejectedUntouched() throws Exception {
        Told told = read(to -> to.record(BROKEN, false));
        assertThat(told.updates).isEmpty();
        assertThat(told.rejections).singleElement().satisfies(rejection -> {
            assertThat(rejection.received()).isSameAs(BROKEN);
            assertThat(rejection.reason()).isEqualTo(Reason.UNKNOWN_FRAMING);
        });
    }

    @Test
    void aRecordThatComesAgainIsLeftForTheLiveFeedToReject() throws Exception {
        Told told = read(to -> {
            to.record(BROKEN, true);
            to.record(Samples.userRecord(3, 2, "u"), true);
        });
        assertThat(told.rejections).isEmpty();
        assertThat(told.updates).extracting(DimensionUpdate::id).containsExactly(3L);
    }

    @Test
    void howFarEachPartitionWasReadIsHandedOn() throws Exception {
        Told told = read(to -> {
            to.readUpTo(Dimension.USER, 3, 100);
            to.readUpTo(Dimension.INSTRUMENT, 0, 7);
        });
        assertThat(told.readUpTo).containsExactly("users/3 < 100", "instruments/0 < 7");
    }

    @Test
    void recordsThatCannotBeReadFailTheLoad() {
        assertThatThrownBy(() -> read(to -> {
                    throw new IOException("the broker is gone");
                }))
                .hasMessage("the broker is gone");
    }

    private static Told read(SnapshotRecords records) throws Exception {
        Told told = new Told();
        new SnapshotDecoder(records, Samples.WIRE).readAll(told);
        return told;
    }

    private static final class Told implements DimensionSnapshot.Receiver {
        private final List<DimensionUpdate> updates = new ArrayList<>();
        private final List<RejectedRecord> rejections = new ArrayList<>();
        private final List<String> readUpTo = new ArrayList<>();

        @Override
        public void update(DimensionUpdate update) {
            updates.add(update);
        }

        @Override
        public void rejection(RejectedRecord rejection) {
            rejections.add(rejection);
        }

        @Override
        public void readUpTo(Dimension dimension, int partition, long next) {
            readUpTo.add(dimension.feed().title() + "/" + partition + " < " + next);
        }
    }
}
