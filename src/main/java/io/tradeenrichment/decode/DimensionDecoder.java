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
 * Decodes the live records of a dimension into updates, or into rejected records on {@link ModelTypes#REJECTED}. Also
 * emits the {@link ReadProgress} of the feed, after the updates that it covers.
 *
 * <p>It is an operator because a function has no timers without a key. Runs in one subtask.
 */
@SuppressWarnings("NullAway.Init") // Flink calls initializeState, then open, before the first element
public final class DimensionDecoder extends AbstractStreamOperator<DimensionEvent>
        implements OneInputStreamOperator<SourceRecord, DimensionEvent> {
    /** The period of {@link ReadProgress}. */
    static final long PERIOD_MILLIS = 200;

    /**
     * The position in the feed, under these keys: {@code generation} (the generation of the snapshot before it),
     * {@code topic} (see {@link EndOffsets.Start}), {@code 3} (the next offset of partition 3).
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
    private transient @Nullable ScheduledFuture<?> polling;
    private transient long readUpTo;
    private transient long caughtUpAt;
    private transient long openedAt;

    /**
     * @param generation of the snapshot that precedes the feed
     * @param ends the end offsets of the feed
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
            start.offsets().forEach(position::advanceTo);
            return;
        }
        for (Map.Entry<String, Long> entry : savedPosition.immutableEntries()) {
            if (!entry.getKey().equals(GENERATION) && !entry.getKey().equals(TOPIC)) {
                position.advanceTo(Integer.parseInt(entry.getKey()), entry.getValue());
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
        polling = getProcessingTimeService().scheduleWithFixedDelay(time -> pollEnds(), PERIOD_MILLIS, PERIOD_MILLIS);
    }

    /** The time since the feed was last read to its end, or since the start if it has not been yet. */
    private long caughtUpMillisAgo() {
        return getProcessingTimeService().getCurrentProcessingTime() - Math.max(openedAt, caughtUpAt);
    }

    @Override
    public void processElement(StreamRecord<SourceRecord> element) throws Exception {
        SourceRecord record = element.getValue();
        try {
            output.collect(new StreamRecord<>(rows.decode(record)));
        } catch (DecodeException e) {
            rejected.inc();
            output.collect(
                    ModelTypes.REJECTED, new StreamRecord<>(new RejectedRecord(record, e.reason(), e.sentence())));
        }
        position.read(record);
    }

    private void pollEnds() {
        EndOffsets.Watch watching = watch;
        Ends newest = watching == null ? null : watching.newest(position.offsets());
        if (newest == null) {
            return;
        }
        position.update(newest);
        if (position.readUpTo() != readUpTo || position.caughtUpAt() != caughtUpAt) {
            readUpTo = position.readUpTo();
            caughtUpAt = position.caughtUpAt();
            output.collect(new StreamRecord<>(new ReadProgress(dimension, readUpTo, caughtUpAt)));
        }
    }

    /** A bounded feed has ended: everything has been read. */
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
        ScheduledFuture<?> timer = polling;
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
