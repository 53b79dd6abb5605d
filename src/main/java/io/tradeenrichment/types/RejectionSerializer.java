package io.tradeenrichment.types;

import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.Rejection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Layout 1: the received record, the reason's code (1), message (bytes, UTF-8). */
final class RejectionSerializer extends ValueSerializer<Rejection> {
    static final RejectionSerializer INSTANCE = new RejectionSerializer();

    @Override
    public void serialize(Rejection rejection, DataOutputView target) throws IOException {
        ReceivedSerializer.INSTANCE.serialize(rejection.received(), target);
        target.writeByte(rejection.reason().code());
        writeBytes(rejection.message().getBytes(StandardCharsets.UTF_8), target);
    }

    @Override
    public Rejection deserialize(DataInputView source) throws IOException {
        return new Rejection(
                ReceivedSerializer.INSTANCE.deserialize(source),
                Reason.ofCode(source.readByte()),
                new String(readPresentBytes(source), StandardCharsets.UTF_8));
    }

    @Override
    public TypeSerializerSnapshot<Rejection> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Part of every savepoint. */
    public static final class Snapshot extends LayoutSnapshot<Rejection> {
        public Snapshot() {
            super(1, () -> INSTANCE);
        }
    }
}
