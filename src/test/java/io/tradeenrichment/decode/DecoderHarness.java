package io.tradeenrichment.decode;

import io.tradeenrichment.model.Account;
import io.tradeenrichment.model.DimensionEvent;
import io.tradeenrichment.model.RejectedRecord;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.types.ModelTypes;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.event.WatermarkEvent;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Output;
import org.apache.flink.streaming.api.operators.ProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.streamrecord.RecordAttributes;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/** A decoder on one subtask. Its output is not copied, so that a test can check that it shares the input bytes. */
final class DecoderHarness<T> implements AutoCloseable {
    final List<T> decoded = new ArrayList<>();
    final List<RejectedRecord> rejected = new ArrayList<>();
    private final OneInputStreamOperatorTestHarness<SourceRecord, T> harness;

    private DecoderHarness(OneInputStreamOperator<SourceRecord, T> decoder, @Nullable OperatorSubtaskState state)
            throws Exception {
        harness = new OneInputStreamOperatorTestHarness<>(decoder);
        harness.setOutputCreator(serializer -> new Kept());
        harness.setup();
        if (state == null) {
            harness.initializeEmptyState();
        } else {
            harness.initializeState(state);
        }
        harness.open();
    }

    static <T> DecoderHarness<T> open(ProcessFunction<SourceRecord, T> decoder) throws Exception {
        return new DecoderHarness<>(new ProcessOperator<>(decoder), null);
    }

    static <T> DecoderHarness<T> restore(ProcessFunction<SourceRecord, T> decoder, OperatorSubtaskState state)
            throws Exception {
        return new DecoderHarness<>(new ProcessOperator<>(decoder), state);
    }

    static DecoderHarness<DimensionEvent> open(DimensionDecoder decoder) throws Exception {
        return new DecoderHarness<>(decoder, null);
    }

    static DecoderHarness<DimensionEvent> restore(DimensionDecoder decoder, OperatorSubtaskState state)
            throws Exception {
        return new DecoderHarness<>(decoder, state);
    }

    void advanceTo(long millis) throws Exception {
        harness.setProcessingTime(millis);
    }

    void receive(SourceRecord record) throws Exception {
        harness.processElement(record, record.timestamp());
    }

    OperatorSubtaskState snapshot() throws Exception {
        return harness.snapshot(1, 1);
    }

    /** The trades of this subtask in an account. */
    long trades(Account account) {
        return (long) harness.getEnvironment()
                .getAccumulatorRegistry()
                .getUserMap()
                .get(account.title())
                .getLocalValue();
    }

    @Override
    public void close() throws Exception {
        harness.close();
    }

    private final class Kept implements Output<StreamRecord<T>> {
        @Override
        public void collect(StreamRecord<T> record) {
            decoded.add(record.getValue());
        }

        @Override
        public <X> void collect(OutputTag<X> tag, StreamRecord<X> record) {
            if (!tag.equals(ModelTypes.REJECTED)) {
                throw new AssertionError("unexpected side output: " + tag);
            }
            rejected.add((RejectedRecord) record.getValue());
        }

        @Override
        public void emitWatermark(Watermark mark) {}

        @Override
        public void emitWatermarkStatus(WatermarkStatus status) {}

        @Override
        public void emitLatencyMarker(LatencyMarker marker) {}

        @Override
        public void emitRecordAttributes(RecordAttributes attributes) {}

        @Override
        public void emitWatermark(WatermarkEvent mark) {}

        @Override
        public void close() {}
    }
}
