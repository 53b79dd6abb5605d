package io.tradeenrichment.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.model.EndOffsets.Ends;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.ReadProgress;
import io.tradeenrichment.model.SourceRecord;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FeedPositionTest {
    private final FeedPosition position = new FeedPosition();

    @Test
    void nothingIsReadUpToBeforeTheFirstEndOffsets() {
        read(0, 0, 5_000);
        assertThat(position.readUpTo()).isEqualTo(ReadProgress.NEVER);
        assertThat(position.caughtUpAt()).isEqualTo(ReadProgress.NEVER);
    }

    @Test
    void aPartitionReadToItsEndIsReadUpToTheTimeOfTheRequest() {
        read(0, 41, 5_000);
        position.update(topic(9_000, Map.of(0, 42L)));
        assertThat(position.readUpTo()).isEqualTo(8_999);
        assertThat(position.caughtUpAt()).isEqualTo(9_000);
    }

    /** However long it delivers nothing, and whatever its timestamps are: one may be in the future. */
    @Test
    void aPartitionWithABacklogHasNoProgress() {
        read(0, 10, 5_000);
        read(0, 11, 1_000_000_000);
        for (long time = 9_000; time < 900_000; time += 1_000) {
            position.update(topic(time, Map.of(0, 42L)));
        }
        assertThat(position.readUpTo()).isEqualTo(ReadProgress.NEVER);
        assertThat(position.caughtUpAt()).isEqualTo(ReadProgress.NEVER);
    }

    @Test
    void aRestoredPartitionWithABacklogHasNoProgress() {
        position.advanceTo(0, 10);
        position.advanceTo(1, 7);
        position.update(topic(9_000, Map.of(0, 42L, 1, 7L)));
        assertThat(position.readUpTo()).isEqualTo(ReadProgress.NEVER);
    }

    @Test
    void theSlowestPartitionLimitsTheProgress() {
        read(0, 41, 5_000);
        read(1, 20, 3_000);
        position.update(topic(9_000, Map.of(0, 42L, 1, 42L)));
        assertThat(position.readUpTo()).isEqualTo(ReadProgress.NEVER);
        read(1, 41, 8_000);
        position.update(topic(9_500, Map.of(0, 42L, 1, 52L)));
        assertThat(position.readUpTo()).as("the first end of both").isEqualTo(8_999);
    }

    /** An end offset may be after a transaction marker. A later end offset excludes it. */
    @Test
    void aTransactionMarkerAtTheEndDoesNotBlockTheProgress() {
        read(0, 40, 5_000);
        read(1, 10, 5_000);
        position.update(topic(9_000, Map.of(0, 42L, 1, 20L)));
        read(1, 19, 6_000);
        position.update(topic(9_500, Map.of(0, 41L, 1, 30L)));
        assertThat(position.caughtUpAt()).isEqualTo(9_000);
    }

    @Test
    void anUndiscoveredPartitionIsUnread() {
        read(0, 41, 5_000);
        position.update(topic(9_000, Map.of(0, 42L, 3, 1L)));
        assertThat(position.readUpTo()).isEqualTo(ReadProgress.NEVER);
        position.update(topic(9_500, Map.of(0, 42L, 3, 0L)));
        assertThat(position.readUpTo()).as("it is empty").isEqualTo(9_499);
    }

    /** A busy topic has always grown since the request. */
    @Test
    void aBusyFeedReachesItsPreviousEnd() {
        read(0, 10, 5_000);
        position.update(topic(6_000, Map.of(0, 20L)));
        read(0, 19, 5_900);
        position.update(topic(6_200, Map.of(0, 30L)));
        assertThat(position.caughtUpAt()).isEqualTo(6_000);
        read(0, 29, 6_100);
        position.update(topic(6_400, Map.of(0, 40L)));
        assertThat(position.caughtUpAt()).isEqualTo(6_200);
        assertThat(position.readUpTo()).isEqualTo(6_199);
    }

    @Test
    void theProgressNeverGoesBack() {
        read(0, 41, 5_000);
        position.update(topic(9_000, Map.of(0, 42L)));
        position.update(topic(9_500, Map.of(0, 52L)));
        assertThat(position.readUpTo()).isEqualTo(8_999);
        assertThat(position.caughtUpAt()).isEqualTo(9_000);
    }

    /** Its timestamps are not processing time, so they determine the progress. */
    @Test
    void aGeneratedFeedIsReadUpToItsLatestRecord() {
        Ends now = new Ends(9_000, false, Map.of());
        position.update(now);
        assertThat(position.readUpTo()).isEqualTo(ReadProgress.NEVER);
        read(0, 10, 5_000);
        position.update(new Ends(9_200, false, Map.of()));
        assertThat(position.readUpTo()).isEqualTo(4_999);
        assertThat(position.caughtUpAt()).isEqualTo(9_200);
    }

    @Test
    void returnsTheNextOffsetOfEachPartition() {
        position.advanceTo(2, 7);
        read(0, 10, 5_000);
        read(2, 9, 5_000);
        assertThat(position.offsets()).isEqualTo(Map.of(0, 11L, 2, 10L));
    }

    private static Ends topic(long requestedAt, Map<Integer, Long> offsets) {
        return new Ends(requestedAt, true, offsets);
    }

    private void read(int partition, long offset, long timestamp) {
        position.read(new SourceRecord(Feed.USERS, partition, offset, timestamp, null, null, List.of()));
    }
}
