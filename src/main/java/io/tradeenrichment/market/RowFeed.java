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
 * The records of a market's dimension: first those that stand before the first trade, then those that come beside the
 * trades. One thread at a time.
 *
 * <p>The ids, in a shuffled order, are dealt out by their places: the early ones stand, the late ones come live, in the
 * order of their places and at even distances. A version is told by its valid_from, and its content follows from that,
 * so no two records ever disagree about a version. Ids above those that any market of trades refers to are delisted: they are
 * deleted.
 */
final class RowFeed {
    /** Standing records come in blocks: so many rows, then a delisted row, an outdated version and a deletion. */
    private static final int ROWS = 32;

    private static final int BLOCK = ROWS + 3;
    private static final long SCAN = 64;
    private static final long HOUR = 3_600_000_000L;
    private static final long DAY = 24 * HOUR;

    private final Feed feed;
    private final int rows;
    private final long firstDelisted;
    private final RowContent content;
    private final long open;
    private final long late;
    private final long early;
    private final long delisted;
    private final long standing;
    private final long live;
    private final long settling;
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

    RowFeed(Dimension dimension, Market market, Prefixes prefixes, KeyWriter keys, RowContent content) {
        boolean instruments = dimension == Dimension.INSTRUMENT;
        // What the mix gives this dimension; the rows may need more.
        long share = market.trades() * (instruments ? 8 : 2) / 90;
        this.feed = dimension.feed();
        this.rows = instruments ? market.instruments() : market.users();
        this.firstDelisted = 1L + (instruments ? Market.MAX_INSTRUMENTS : Market.MAX_USERS);
        this.content = content;
        this.open = market.open();
        this.late = Math.min(Math.round(rows * market.lateShare()), rows - 1);
        this.early = rows - late;
        this.delisted = early / ROWS;
        this.standing = early + delisted * (BLOCK - ROWS);
        this.live = Math.max(share - standing, late);
        long besides = Math.round((double) live / market.trades() * market.settledAfter());
        this.settling = Math.max(1, Math.max(besides, late));
        this.interval = Math.max(2, market.duration() / Math.max(1, live));
        this.ids = new Permutation(rows, dice(market, "ids"));
        this.ages = dice(market, "ages");
        this.revisions = dice(market, "revisions");
        this.choices = dice(market, "choices");
        this.kinds = dice(market, "kinds");
        this.targets = dice(market, "targets");
        this.prefix = prefixes.of(feed);
        this.keys = keys;
    }

    private IndexedRandom dice(Market market, String purpose) {
        return new IndexedRandom(market.seed(), feed.title() + " " + purpose);
    }

    /** How many records stand; their offsets begin at 0. */
    long standing() {
        return standing;
    }

    /** How many records come live; their offsets follow those of the standing ones. */
    long live() {
        return live;
    }

    /** After how many live records no row is late any more. */
    long settling() {
        return Math.min(settling, live);
    }

    SourceRecord standing(long index) {
        Objects.checkIndex(index, standing);
        long block = index / BLOCK;
        int within = (int) (index % BLOCK);
        long time = open - HOUR + HOUR / standing * index;
        return switch (within) {
            case ROWS -> first(firstDelisted + block, index, time);
            case ROWS + 1 -> outdated(idAt(block * ROWS + choices.below(block, ROWS)), index, time);
            case ROWS + 2 -> deletion(firstDelisted + block, index, time);
            default -> first(idAt(block * ROWS + within), index, time);
        };
    }

    SourceRecord live(long index) {
        Objects.checkIndex(index, live);
        long offset = standing + index;
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

    /** What a live record is. Only the first needs its place; the others are drawn. */
    private enum Kind {
        /** A late row arrives. */
        FIRST,
        /** A row's first version comes once more. */
        REPEATED_FIRST,
        /** A version that moves valid_from forward. */
        NEWER,
        /** A newer version comes once more. */
        REPEATED_NEWER,
        /** Comes after a version that it is older than. */
        OUTDATED,
        /** A delisted row is deleted once more. */
        DELETION,
        /** A delisted row's old version comes after its deletion, which must not revive it. */
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

    /** How many late rows the live records before this one hold. */
    private long arrivedBefore(long index) {
        return Math.min(late, (index * late + settling / 2) / settling);
    }

    /** The row that a live record is about: any that has a first version by then. */
    private long target(long index) {
        return idAt(targets.below(index, early + arrivedBefore(index)));
    }

    private long delistedId(long index) {
        return firstDelisted + targets.below(index, delisted);
    }

    /** The index of some newer version among the live records before this one; negative if none is near. */
    private long newerBefore(long index) {
        long from = index - 1 - choices.below(index, Math.min(SCAN, index + 1));
        for (long earlier = from; earlier >= Math.max(0, from - SCAN); earlier--) {
            if (kind(earlier) == Kind.NEWER) {
                return earlier;
            }
        }
        return -1;
    }

    private long idAt(long place) {
        return 1 + ids.at(place);
    }

    private long timeOf(long index) {
        return open + index * interval;
    }

    /** The valid_from of the newer version that this live record is; the microsecond before it is free. */
    private long newest(long index) {
        return timeOf(index) - 1;
    }

    /** The valid_from of an id's first version: a day to a year before the first trade. */
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
                : IndexedRandom.mix(revisions.roll(id) ^ IndexedRandom.mix(validFrom));
        buffer.clear().writeRaw(prefix, 0, prefix.length).writeLong(id).writeLong(validFrom);
        content.write(id, revision, buffer);
        return received(id, buffer.toBytes(), offset, time);
    }

    private SourceRecord deletion(long id, long offset, long time) {
        return received(id, null, offset, time);
    }

    private SourceRecord received(long id, byte @Nullable [] value, long offset, long time) {
        return new SourceRecord(feed, 0, offset, time / 1000, keys.key(id), value, List.of());
    }
}
