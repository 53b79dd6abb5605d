package io.tradeenrichment.join;

import io.tradeenrichment.state.IdPage;
import io.tradeenrichment.state.IdPageDraft;
import io.tradeenrichment.types.ModelTypes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/** A way to store ids for de-duplication. Public for JMH. */
public enum DedupStrategy {
    /** {@link SeenTrades}, as in the job. */
    B_TREE {
        @Override
        Ids open(DedupOperator operator) throws Exception {
            SeenTrades seen = operator.seenTrades(RETENTION);
            return (instrument, id, now) -> {
                operator.setCurrentKey(instrument);
                return seen.add(id, now);
            };
        }
    },
    /** {@link SeenTradeTexts}, as in the job if ids are texts: a text of 36 characters for each id. */
    TEXTS {
        @Override
        Ids open(DedupOperator operator) throws Exception {
            SeenTradeTexts seen = operator.seenTradeTexts(RETENTION);
            return (instrument, id, now) -> {
                operator.setCurrentKey(instrument);
                return seen.add(new UUID(id, ~id).toString().getBytes(StandardCharsets.ISO_8859_1));
            };
        }
    },
    /** The usual way: the stream is keyed by the id, with one value state per id. */
    STATE_PER_ID {
        @Override
        Ids open(DedupOperator operator) throws Exception {
            ValueStateDescriptor<Byte> descriptor = new ValueStateDescriptor<>("seen", Types.BYTE);
            descriptor.enableTimeToLive(ttl());
            ValueState<Byte> seen = operator.state(descriptor);
            return (instrument, id, now) -> {
                operator.setCurrentKey(id);
                if (seen.value() != null) {
                    return false;
                }
                seen.update((byte) 1);
                return true;
            };
        }
    },
    /** A RoaringBitmap per instrument and quarter of the retention. */
    ROARING {
        @Override
        Ids open(DedupOperator operator) throws Exception {
            MapState<Long, Roaring64Bitmap> quarters = operator.segments(new RoaringSerializer());
            return (instrument, id, now) -> {
                operator.setCurrentKey(instrument);
                long quarter = now / QUARTER;
                for (long earlier = quarter - 4; earlier < quarter; earlier++) {
                    Roaring64Bitmap ids = quarters.get(earlier);
                    if (ids != null && ids.contains(id)) {
                        return false;
                    }
                }
                Roaring64Bitmap ids = quarters.get(quarter);
                if (ids == null) {
                    quarters.remove(quarter - 5);
                    ids = new Roaring64Bitmap();
                } else if (ids.contains(id)) {
                    return false;
                }
                ids.add(id);
                quarters.put(quarter, ids);
                return true;
            };
        }
    },
    /** The ids of an instrument and a quarter of the retention as one sorted list of distances. */
    DELTAS {
        @Override
        Ids open(DedupOperator operator) throws Exception {
            MapState<Long, IdPage> quarters = operator.segments(ModelTypes.ID_PAGE.createSerializer(null));
            IdPageDraft draft = new IdPageDraft();
            return (instrument, id, now) -> {
                operator.setCurrentKey(instrument);
                long quarter = now / QUARTER;
                for (long earlier = quarter - 4; earlier < quarter; earlier++) {
                    IdPage ids = quarters.get(earlier);
                    if (ids != null && ids.floor(id) == id) {
                        return false;
                    }
                }
                IdPage ids = quarters.get(quarter);
                if (ids == null) {
                    quarters.remove(quarter - 5);
                    quarters.put(quarter, IdPage.of(id, quarter));
                } else if (id > ids.last()) {
                    quarters.put(quarter, ids.append(id, quarter));
                } else if (draft.load(ids, Long.MIN_VALUE).add(id, quarter)) {
                    quarters.put(quarter, draft.page(0, draft.size()));
                } else {
                    return false;
                }
                return true;
            };
        }
    },
    /** A map per instrument, of 64 ids to an entry, a bit each. */
    BIT_PAGES {
        @Override
        Ids open(DedupOperator operator) throws Exception {
            MapStateDescriptor<Long, Long> descriptor = new MapStateDescriptor<>("seen", Types.LONG, Types.LONG);
            descriptor.enableTimeToLive(ttl());
            MapState<Long, Long> pages = operator.state(descriptor);
            return (instrument, id, now) -> {
                operator.setCurrentKey(instrument);
                Long page = id >> 6;
                long bit = 1L << id;
                Long ids = pages.get(page);
                if (ids != null && (ids & bit) != 0) {
                    return false;
                }
                pages.put(page, ids == null ? bit : ids | bit);
                return true;
            };
        }
    };

    static final Duration RETENTION = Duration.ofHours(1);
    static final long QUARTER = RETENTION.toMillis() / 4;

    /** Opens the state of an open operator. */
    abstract Ids open(DedupOperator operator) throws Exception;

    private static StateTtlConfig ttl() {
        return StateTtlConfig.newBuilder(RETENTION)
                .updateTtlOnCreateAndWrite()
                .neverReturnExpired()
                .build();
    }

    /** The stored ids. */
    interface Ids {
        /** True if the id is new. */
        boolean add(Long instrument, Long id, long now) throws Exception;
    }
}
