package io.tradeenrichment.types;

import io.tradeenrichment.model.DimensionEvent;
import io.tradeenrichment.model.EnrichedTrade;
import io.tradeenrichment.model.ParkedTrade;
import io.tradeenrichment.model.RejectedRecord;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.model.Trade;
import io.tradeenrichment.state.IdPage;
import io.tradeenrichment.state.PageId;
import io.tradeenrichment.state.Posting;
import io.tradeenrichment.state.QueueBounds;
import io.tradeenrichment.state.RowBucket;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.util.OutputTag;

/** The type information of each value that is shipped between operators or stored in state. */
public final class ModelTypes {
    public static final TypeInformation<SourceRecord> SOURCE_RECORD =
            new ModelType<>(SourceRecord.class, SourceRecordSerializer.INSTANCE);
    public static final TypeInformation<Trade> TRADE = new ModelType<>(Trade.class, TradeSerializer.INSTANCE);
    public static final TypeInformation<DimensionEvent> DIMENSION_EVENT =
            new ModelType<>(DimensionEvent.class, DimensionEventSerializer.INSTANCE);
    public static final TypeInformation<EnrichedTrade> ENRICHED_TRADE =
            new ModelType<>(EnrichedTrade.class, EnrichedTradeSerializer.INSTANCE);
    public static final TypeInformation<RejectedRecord> REJECTED_RECORD =
            new ModelType<>(RejectedRecord.class, RejectionSerializer.INSTANCE);
    public static final TypeInformation<ParkedTrade> PARKED_TRADE =
            new ModelType<>(ParkedTrade.class, ParkedTradeSerializer.INSTANCE);
    public static final TypeInformation<QueueBounds> QUEUE_BOUNDS =
            new ModelType<>(QueueBounds.class, QueueSpanSerializer.INSTANCE);
    public static final TypeInformation<Posting> POSTING = new ModelType<>(Posting.class, PostingSerializer.INSTANCE);
    public static final TypeInformation<RowBucket> ROW_BUCKET =
            new ModelType<>(RowBucket.class, RowBucketSerializer.INSTANCE);

    public static final TypeInformation<IdPage> ID_PAGE = new ModelType<>(IdPage.class, IdPageSerializer.INSTANCE);
    /** For state with a namespace, which Flink describes by a serializer. */
    public static final TypeSerializer<PageId> PAGE_ID = PageNameSerializer.INSTANCE;

    /** The side output for rejected records. */
    public static final OutputTag<RejectedRecord> REJECTED = new OutputTag<>("rejected", REJECTED_RECORD);

    private ModelTypes() {}
}
