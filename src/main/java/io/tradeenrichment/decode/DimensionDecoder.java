package io.tradeenrichment.decode;

import io.tradeenrichment.codec.WireFormat;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.schema.MeteredSchemas;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionEvent;
import io.tradeenrichment.model.EndOffsets;
import io.tradeenrichment.model.EndOffsets.Ends;
import io.tradeenrichment.model.ReadProgress;
import io.tradeenrichment.model.RejectedRecord;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.types.ModelTypes;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.api.common.state.BroadcastState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.groups.OperatorMetricGroup;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.jspecify.annotations.Nullable;

/**
 * A dimension's live records become updates of its rows, or rejected records on {@link ModelTypes#REJECTED}. In between it
 * says how far the feed has been read, behind the updates that it speaks of.
 *
 * <p>An operator and not a function, since only an operator has a clock without a key. Runs in one subtask.
 */
@SuppressWarnings("NullAway.Init") // Flink calls initializeState, then open, before the first element
public final class DimensionDecoder extends AbstractStreamOperator<DimensionEvent>
        implements OneInputStreamOperator<SourceRecord, DimensionEvent> {
    /** How often the join learns how far the feed has been read. */
    static final long PERIOD_MILLIS = 200;

    /**
     * How far the feed was read, under these keys: {@code generation} (the load that the feed goes on from), {@code topic}
     * (the number of its topic, see {@link EndOffsets.Start}), {@code 3} (the next offset of partition 3).
     */
    private static final MapStateDescriptor<String, Long> POSITION =
            new MapStateDescriptor<>("feed-position", Types.STRING, Types.LONG);

    private static final String GENERATION = "generation";
    private static final String TOPIC = "topic";

    private final Dimension dimension;
    private final WireFormat wire;
    private final int generation;
    private final EndOffsets ends;

    private transient RowDecoder rows;
    private transient Counter rejected;
    private transient FeedPosition position;
    private transient BroadcastState<String, Long> savedPosition;
    private transient EndOffsets.@Nullable Watch watch;
    private transient @Nullable ScheduledFuture<?> looking;
    private transient long readUpTo;
    private transient long caughtUpAt;
    private transient long openedAt;

    /**
     * @param generation of the load that the feed goes on from
     * @param ends of the dimension's feed
     */
    public DimensionDecoder(Dimension dimension, WireFormat wire, int generation, EndOffsets ends) {
        this.dimension = dimension;
        this.wire = wire;
        this.generation = generation;
        this.ends = ends;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        position = new FeedPosition();
        savedPosition = context.getOperatorStateStore().getBroadcastState(POSITION);
        EndOffsets.Start start = ends.start(dimension.feed());
        if (!isSaved(GENERATION, generation) || !isSaved(TOPIC, start.topic())) {
            start.offsets().forEach(position::readBelow);
            return;
        }
        for (Map.Entry<String, Long> entry : savedPosition.immutableEntries()) {
            if (!entry.getKey().equals(GENERATION) && !entry.getKey().equals(TOPIC)) {
                position.readBelow(Integer.parseInt(entry.getKey()), entry.getValue());
            }
        }
    }

    private boolean isSaved(String key, long value) throws Exception {
        Long saved = savedPosition.get(key);
        return saved != null && saved == value;
    }

    @Override
    public void open() throws Exception {
        super.open();
        OperatorMetricGroup metrics = getMetricGroup();
        MeteredSchemas lookups = new MeteredSchemas(wire.writers());
        lookups.register((name, value) -> metrics.gauge(name, (Gauge<Long>) value::getAsLong));
        rows = new RowDecoder(dimension, wire, lookups);
        rejected = metrics.counter("rejected");
        readUpTo = ReadProgress.NEVER;
        caughtUpAt = ReadProgress.NEVER;
        openedAt = getProcessingTimeService().getCurrentProcessingTime();
        metrics.gauge("caughtUpMillisAgo", (Gauge<Long>) this::caughtUpMillisAgo);
        watch = ends.watch(dimension.feed());
        looking = getProcessingTimeService().scheduleWithFixedDelay(time -> look(), PERIOD_MILLIS, PERIOD_MILLIS);
    }

    /** How long ago the feed was last seen to have been read to its end; since the start if it has not been yet. */
    private long caughtUpMillisAgo() {
        return getProcessingTimeService().getCurrentProcessingTime() - Math.max(openedAt, caughtUpAt);
    }

    @Override
    public void processElement(StreamRecord<SourceRecord> element) throws Exception {
        SourceRecord record = element.getValue();
        try {
            output.collect(new StreamRecord<>(rows.decode(record)));
        } catch (DecodeException refusal) {
            rejected.inc();
            output.collect(
                    ModelTypes.REJECTED,
                    new StreamRecord<>(new RejectedRecord(record, refusal.reason(), refusal.sentence())));
        }
        position.read(record);
    }

    private void look() {
        EndOffsets.Watch watching = watch;
        Ends newest = watching == null ? null : watching.newest(position.offsets());
        if (newest == null) {
            return;
        }
        position.endsAt(newest);
        if (position.readUpTo() != readUpTo || position.caughtUpAt() != caughtUpAt) {
            readUpTo = position.readUpTo();
            caughtUpAt = position.caughtUpAt();
            output.collect(new StreamRecord<>(new ReadProgress(dimension, readUpTo, caughtUpAt)));
        }
    }

    /** The feed has ended, as only a bounded one does: nothing of it is left to read. */
    @Override
    public void finish() throws Exception {
        output.collect(new StreamRecord<>(new ReadProgress(dimension, Long.MAX_VALUE, Long.MAX_VALUE)));
        super.finish();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        savedPosition.clear();
        savedPosition.put(GENERATION, (long) generation);
        savedPosition.put(TOPIC, ends.start(dimension.feed()).topic());
        for (Map.Entry<Integer, Long> next : position.offsets().entrySet()) {
            savedPosition.put(String.valueOf(next.getKey()), next.getValue());
        }
    }

    @Override
    public void close() throws Exception {
        ScheduledFuture<?> timer = looking;
        if (timer != null) {
            timer.cancel(false);
        }
        EndOffsets.Watch watching = watch;
        if (watching != null) {
            watching.close();
        }
        super.close();
    }
}
