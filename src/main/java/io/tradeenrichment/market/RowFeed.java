package io.tradeenrichment.market;

import io.tradeenrichment.codec.binary.DatumBuffer;
import io.tradeenrichment.codec.key.KeyWriter;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.SourceRecord;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The records of a market's dimension: first the snapshot before the first trade, then the live records. Not thread-safe.
 *
 * <p>The ids are permuted. The early positions are in the snapshot, the late ones arrive live at even intervals. The
 * content of a version follows from its valid_from, so all records of a version are equal. Ids above those that trades
 * refer to are delisted: their rows are deleted.
 */
final class RowFeed {
    /** A block of the snapshot has so many rows, then a delisted row, an outdated version and a deletion. */
    private static final int ROWS = 32;

    private static final int BLOCK = ROWS + 3;
    private static final long SCAN = 64;
    private static final long HOUR = 3_600_000_000L;
    private static final long DAY = 24 * HOUR;

    private final Feed feed;
    private final long firstDelisted;
    private final RowContent content;
    private final long open;
    private final long late;
    private final long early;
    private final long delisted;
    private final long snapshotRecords;
    private final long live;
    /** The number of live records over which the late rows are spread. */
    private final long lateSpan;

    private final long interval;
    private final Permutation ids;
    private final IndexedRandom ages;
    private final IndexedRandom revisions;
    private final IndexedRandom choices;
    private final IndexedRandom kinds;
    private final IndexedRandom targets;
    private final byte[] prefix;
    private final KeyWriter keys;
    private final DatumBuffer buffer = new DatumBuffer();

    /** @param rows the number of rows that trades refer to */
    RowFeed(
            Dimension dimension,
            Market market,
            int rows,
            FramingPrefixes prefixes,
            KeyWriter keys,
            RowContent content) {
        boolean instruments = dimension.equals(Dimension.INSTRUMENT);
        // By the mix of the records; the rows may need more.
        long share = market.trades() * (instruments ? 8 : 2) / 90;
        this.feed = dimension.feed();
        this.firstDelisted = 1L + (instruments ? Market.MAX_INSTRUMENTS : Market.MAX_USERS);
        this.content = content;
        this.open = market.open();
        this.late = Math.min(Math.round(rows * market.lateShare()), rows - 1);
        this.early = rows - late;
        this.delisted = early / ROWS;
        this.snapshotRecords = early + delisted * (BLOCK - ROWS);
        this.live = Math.max(share - snapshotRecords, late);
        long untilLast = Math.round((double) live / market.trades() * market.lateRowsUntil());
        this.lateSpan = Math.max(1, Math.max(untilLast, late));
        this.interval = Math.max(2, market.duration() / Math.max(1, live));
        this.ids = new Permutation(rows, random(market, "ids"));
        this.ages = random(market, "ages");
        this.revisions = random(market, "revisions");
        this.choices = random(market, "choices");
        this.kinds = random(market, "kinds");
        this.targets = random(market, "targets");
        this.prefix = prefixes.of(feed);
        this.keys = keys;
    }

    private IndexedRandom random(Market market, String purpose) {
        return new IndexedRandom(market.seed(), feed.title() + " " + purpose);
    }

    /** Their offsets start at 0. */
    long snapshotRecords() {
        return snapshotRecords;
    }

    /** The number of live records; their offsets follow those of the snapshot. */
    long live() {
        return live;
    }

    /** The number of live records after which every row has arrived. */
    long recordsUntilComplete() {
        return Math.min(lateSpan, live);
    }

    SourceRecord snapshot(long index) {
        Objects.checkIndex(index, snapshotRecords);
        long block = index / BLOCK;
        int within = (int) (index % BLOCK);
        long time = open - HOUR + HOUR / snapshotRecords * index;
        return switch (within) {
            case ROWS -> first(firstDelisted + block, index, time);
            case ROWS + 1 -> outdated(idAt(block * ROWS + choices.below(block, ROWS)), index, time);
            case ROWS + 2 -> deletion(firstDelisted + block, index, time);
            default -> first(idAt(block * ROWS + within), index, time);
        };
    }

    SourceRecord live(long index) {
        Objects.checkIndex(index, live);
        long offset = snapshotRecords + index;
        long time = timeOf(index);
        return switch (kind(index)) {
            case FIRST -> first(idAt(early + arrivedBefore(index)), offset, time);
            case REPEATED_FIRST -> first(target(index), offset, time);
            case NEWER -> version(target(index), newest(index), offset, time);
            case REPEATED_NEWER -> {
                long earlier = newerBefore(index);
                yield earlier < 0
                        ? first(target(index), offset, time)
                        : version(target(earlier), newest(earlier), offset, time);
            }
            case OUTDATED -> {
                long earlier = newerBefore(index);
                yield earlier < 0
                        ? outdated(target(index), offset, time)
                        : version(target(earlier), newest(earlier) - 1, offset, time);
            }
            case DELETION -> deletion(delistedId(index), offset, time);
            case REVIVAL -> first(delistedId(index), offset, time);
        };
    }

    /** The kinds of live records. The positions of FIRST are fixed, the others are random. */
    private enum Kind {
        /** The first version of a late row. */
        FIRST,
        /** A repetition of a row's first version. */
        REPEATED_FIRST,
        /** A version with a later valid_from. */
        NEWER,
        /** A repetition of a newer version. */
        REPEATED_NEWER,
        /** A version that arrives after a newer one. */
        OUTDATED,
        /** Another tombstone of a delisted row. */
        DELETION,
        /** An old version of a delisted row after its tombstone. */
        REVIVAL
    }

    private Kind kind(long index) {
        if (arrivedBefore(index + 1) > arrivedBefore(index)) {
            return Kind.FIRST;
        }
        long percent = kinds.below(index, 100);
        if (percent < 6 && delisted > 0) {
            return percent < 4 ? Kind.DELETION : Kind.REVIVAL;
        }
        if (percent < 38) {
            return percent < 18 ? Kind.OUTDATED : percent < 28 ? Kind.REPEATED_FIRST : Kind.REPEATED_NEWER;
        }
        return Kind.NEWER;
    }

    /** The number of late rows in the live records before this one. */
    private long arrivedBefore(long index) {
        return Math.min(late, (index * late + lateSpan / 2) / lateSpan);
    }

    /** The id of a live record: any that has a first version by then. */
    private long target(long index) {
        return idAt(targets.below(index, early + arrivedBefore(index)));
    }

    private long delistedId(long index) {
        return firstDelisted + targets.below(index, delisted);
    }

    /** The index of a {@link Kind#NEWER} record before this one; negative if none is near. */
    private long newerBefore(long index) {
        long from = index - 1 - choices.below(index, Math.min(SCAN, index + 1));
        for (long earlier = from; earlier >= Math.max(0, from - SCAN); earlier--) {
            if (kind(earlier) == Kind.NEWER) {
                return earlier;
            }
        }
        return -1;
    }

    private long idAt(long position) {
        return 1 + ids.at(position);
    }

    private long timeOf(long index) {
        return open + index * interval;
    }

    /** The valid_from of a {@link Kind#NEWER} record; no other version has the microsecond before it. */
    private long newest(long index) {
        return timeOf(index) - 1;
    }

    /** The valid_from of the first version: a day to a year before the first trade. */
    private long listed(long id) {
        return open - DAY - ages.below(id, 365 * DAY);
    }

    private SourceRecord first(long id, long offset, long time) {
        return version(id, listed(id), offset, time);
    }

    private SourceRecord outdated(long id, long offset, long time) {
        return version(id, listed(id) - DAY, offset, time);
    }

    private SourceRecord version(long id, long validFrom, long offset, long time) {
        long revision = validFrom == listed(id)
                ? RowContent.ORIGINAL
                : IndexedRandom.mix(revisions.bits(id) ^ IndexedRandom.mix(validFrom));
        buffer.clear().writeRaw(prefix, 0, prefix.length);
        content.write(id, validFrom, revision, buffer);
        return record(id, buffer.toBytes(), offset, time);
    }

    private SourceRecord deletion(long id, long offset, long time) {
        return record(id, null, offset, time);
    }

    private SourceRecord record(long id, byte @Nullable [] value, long offset, long time) {
        return new SourceRecord(feed, 0, offset, time / 1000, content.key(id, keys), value, List.of());
    }
}
