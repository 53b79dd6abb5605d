package io.tradeenrichment.join;

import io.tradeenrichment.model.Trade;
import io.tradeenrichment.state.IdPage;
import io.tradeenrichment.state.IdPageDraft;
import io.tradeenrichment.state.PageId;
import io.tradeenrichment.types.ModelTypes;
import java.time.Duration;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * The trade ids of the current key within the retention, if ids are integers: a B-tree per key, with one page per entry of keyed state. The
 * tail, which is the page with the greatest ids, has a fixed id: an id in order costs a comparison and an append of one
 * or two bytes. Any other id is searched in one more page per level. {@link IdPageCache} reads and writes the state.
 *
 * <p>An id is kept for at least the retention and at most a quarter longer: its time is stored in quarters of the
 * retention, rounded up. It is processing time and not trade time. So an id is found whatever its trade time, and a
 * wrong trade time can neither remove an id early nor keep it forever.
 *
 * <p>The first id of a quarter in a page also updates the time of the pages above it and of the tail. So the state TTL,
 * of five quarters, never removes a page while a page below it is needed, and removes all pages of a key without
 * trades.
 */
final class SeenTrades implements SeenTradeIds {
    /** The name of the state in every savepoint. */
    static final String STATE = "seen-trades";

    private static final int QUARTERS = 4;
    /**
     * The best of 128 to 1024 in the benchmark: a longer leaf takes longer to write, a shorter one splits more often.
     */
    private static final int LEAF_BYTES = 256;

    private static final int BRANCH_BYTES = 1024;
    private static final long NONE_EXPIRED = Long.MIN_VALUE;

    private final IdPageCache pages;
    private final long retention;
    private final long quarter;
    private final IdPageDraft draft = new IdPageDraft();

    /** @param retention longer than zero */
    SeenTrades(IdPageCache pages, Duration retention) {
        this.pages = pages;
        this.retention = retention.toMillis();
        this.quarter = quarter(this.retention);
    }

    static ValueStateDescriptor<IdPage> descriptor(Duration retention) {
        ValueStateDescriptor<IdPage> descriptor = new ValueStateDescriptor<>(STATE, ModelTypes.ID_PAGE);
        descriptor.enableTimeToLive(ttl(retention));
        return descriptor;
    }

    /** Five quarters of the retention from each write. */
    static StateTtlConfig ttl(Duration retention) {
        long millis = retention.toMillis();
        return StateTtlConfig.newBuilder(Duration.ofMillis(millis + quarter(millis)))
                .updateTtlOnCreateAndWrite()
                .neverReturnExpired()
                .build();
    }

    private static long quarter(long retention) {
        return (retention + QUARTERS - 1) / QUARTERS;
    }

    @Override
    public boolean add(Trade trade, long now) throws Exception {
        return add(trade.tradeId(), now);
    }

    @Override
    public void remove(Trade trade) throws Exception {
        remove(trade.tradeId());
    }

    /**
     * True if the id is new. False until it expires.
     *
     * @param now processing time, milliseconds since 1970
     */
    boolean add(long id, long now) throws Exception {
        long time = (Math.floorDiv(now, quarter) + 1) * quarter;
        long expired = now - retention;
        IdPage tail = read(PageId.TAIL);
        if (tail == null) {
            write(PageId.TAIL, IdPage.of(id, time));
            return true;
        }
        if (id < tail.lower()) {
            return addBelow(tail, id, time, expired);
        }
        if (hasRoom(tail, expired)) {
            IdPage grown = tail.with(id, time);
            if (grown != null) {
                write(PageId.TAIL, grown);
            }
            return grown != null;
        }
        if (!draft.load(tail, expired).add(id, time)) {
            return false;
        }
        if (draft.length() <= LEAF_BYTES) {
            write(PageId.TAIL, draft.page(0, draft.size()).below(tail.level(), tail.lower()));
        } else {
            splitTail(tail, expired);
        }
        return true;
    }

    /** Removes an id. Its trade may be sent again. */
    void remove(long id) throws Exception {
        IdPage tail = read(PageId.TAIL);
        if (tail == null) {
            return;
        }
        PageId pageId = id >= tail.lower() ? PageId.TAIL : find(0, id, tail);
        IdPage page = read(pageId);
        if (page == null || !draft.load(page, NONE_EXPIRED).remove(id)) {
            return;
        }
        boolean needed = draft.size() > 0 || page.level() > 0;
        pages.write(pageId, needed ? draft.page(0, draft.size()).below(page.level(), page.lower()) : null);
    }

    /** Writes all changed pages to state. To be called when a checkpoint begins. */
    @Override
    public void snapshot() throws Exception {
        pages.flush();
    }

    /** Whether an id can be added to the packed page. Otherwise the page is unpacked, and cleaned or split. */
    private static boolean hasRoom(IdPage page, long expired) {
        return page.size() > 0 && page.oldest() > expired && page.packed().length < LEAF_BYTES;
    }

    private boolean addBelow(IdPage tail, long id, long time, long expired) throws Exception {
        PageId pageId = find(0, id, tail);
        IdPage leaf = read(pageId);
        if (leaf == null) {
            write(pageId, IdPage.of(id, time));
            updateParent(1, pageId.lower(), time, expired);
            return true;
        }
        long written = leaf.written();
        if (hasRoom(leaf, expired)) {
            IdPage grown = leaf.with(id, time);
            if (grown == null) {
                return false;
            }
            write(pageId, grown);
        } else {
            if (!draft.load(leaf, expired).add(id, time)) {
                return false;
            }
            writeDraft(pageId, LEAF_BYTES, expired);
        }
        if (written < time) {
            updateParent(1, pageId.lower(), time, expired);
        }
        return true;
    }

    private void splitTail(IdPage tail, long expired) throws Exception {
        int cut = draft.cut();
        int level = Math.max(tail.level(), 1);
        long written = draft.written();
        write(new PageId(0, tail.lower()), draft.page(0, cut));
        write(PageId.TAIL, draft.page(cut, draft.size()).below(level, draft.id(cut)));
        if (tail.level() == 0) {
            write(new PageId(1, Long.MIN_VALUE), IdPage.of(Long.MIN_VALUE, written));
        } else {
            updateParent(1, tail.lower(), written, expired);
        }
    }

    /** The page of a level to which an id below the tail belongs. */
    private PageId find(int level, long id, IdPage tail) throws Exception {
        PageId pageId = new PageId(tail.level(), Long.MIN_VALUE);
        while (pageId.level() > level) {
            IdPage branch = read(pageId);
            pageId = new PageId(pageId.level() - 1, branch == null ? pageId.lower() : branch.floor(id));
        }
        return pageId;
    }

    /** Puts the lower bound of a page and its time into the page above it. */
    private void updateParent(int level, long lower, long time, long expired) throws Exception {
        IdPage tail = readTail();
        PageId pageId = find(level, lower, tail);
        IdPage branch = read(pageId);
        if (branch == null || branch.written() < time) {
            if (level < tail.level()) {
                updateParent(level + 1, pageId.lower(), time, expired);
            } else if (tail.written() < time) {
                write(PageId.TAIL, tail.writtenAt(time));
            }
        }
        if (branch == null) {
            draft.clear();
        } else {
            draft.load(branch, expired);
        }
        // The first bound stays even if its page is gone: ids below the second bound belong there.
        draft.put(pageId.lower(), time);
        draft.put(lower, time);
        writeDraft(pageId, BRANCH_BYTES, expired);
    }

    /** Writes the draft as one page, or as two if it exceeds the limit. */
    private void writeDraft(PageId pageId, int limit, long expired) throws Exception {
        if (draft.length() <= limit) {
            write(pageId, draft.page(0, draft.size()));
            return;
        }
        int cut = draft.cut();
        long lower = draft.id(cut);
        long written = draft.written();
        write(pageId, draft.page(0, cut));
        write(new PageId(pageId.level(), lower), draft.page(cut, draft.size()));
        IdPage tail = readTail();
        if (pageId.level() < tail.level()) {
            updateParent(pageId.level() + 1, lower, written, expired);
        } else {
            int level = tail.level() + 1;
            write(
                    new PageId(level, Long.MIN_VALUE),
                    IdPage.of(Long.MIN_VALUE, written).append(lower, written));
            write(PageId.TAIL, tail.below(level, tail.lower()).writtenAt(written));
        }
    }

    private IdPage readTail() throws Exception {
        IdPage tail = read(PageId.TAIL);
        if (tail == null) {
            throw new IllegalStateException("state is corrupt: a key lacks the page with its greatest trade ids");
        }
        return tail;
    }

    private @Nullable IdPage read(PageId pageId) throws Exception {
        return pages.read(pageId);
    }

    private void write(PageId pageId, IdPage page) throws Exception {
        pages.write(pageId, page);
    }
}
