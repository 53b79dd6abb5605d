package io.tradeenrichment.types;

import io.tradeenrichment.model.Account;
import io.tradeenrichment.state.Posting;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/** Layout 1: account's code (1), trades (8). */
final class PostingSerializer extends ValueSerializer<Posting> {
    static final PostingSerializer INSTANCE = new PostingSerializer();

    @Override
    public void serialize(Posting posting, DataOutputView target) throws IOException {
        target.writeByte(posting.account().code());
        target.writeLong(posting.trades());
    }

    @Override
    public Posting deserialize(DataInputView source) throws IOException {
        return new Posting(Account.ofCode(source.readByte()), source.readLong());
    }

    @Override
    public TypeSerializerSnapshot<Posting> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Part of every savepoint. */
    public static final class Snapshot extends LayoutSnapshot<Posting> {
        public Snapshot() {
            super(1, () -> INSTANCE);
        }
    }
}
