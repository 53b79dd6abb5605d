package io.tradeenrichment.types;

import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.RejectedRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Layout 1: the source record, the reason's code (1), message (bytes, UTF-8). */
final class RejectionSerializer extends ValueSerializer<RejectedRecord> {
    static final RejectionSerializer INSTANCE = new RejectionSerializer();

    @Override
    public void serialize(RejectedRecord rejected, DataOutputView target) throws IOException {
        SourceRecordSerializer.INSTANCE.serialize(rejected.source(), target);
        target.writeByte(rejected.reason().code());
        writeBytes(rejected.message().getBytes(StandardCharsets.UTF_8), target);
    }

    @Override
    public RejectedRecord deserialize(DataInputView source) throws IOException {
        return new RejectedRecord(
                SourceRecordSerializer.INSTANCE.deserialize(source),
                Reason.ofCode(source.readByte()),
                new String(readPresentBytes(source), StandardCharsets.UTF_8));
    }

    @Override
    public TypeSerializerSnapshot<RejectedRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Part of every savepoint. */
    public static final class Snapshot extends LayoutSnapshot<RejectedRecord> {
        public Snapshot() {
            super(1, () -> INSTANCE);
        }
    }
}
