package io.tradeenrichment.types;

import io.tradeenrichment.model.Header;
import io.tradeenrichment.model.SourceRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Layout 1: feed (see {@link FeedNames}), partition (4), offset (8), timestamp (8), key (bytes), value (bytes), number of headers
 * (4), then per header its key (bytes, UTF-8) and value (bytes).
 */
final class SourceRecordSerializer extends ValueSerializer<SourceRecord> {
    static final SourceRecordSerializer INSTANCE = new SourceRecordSerializer();

    @Override
    public void serialize(SourceRecord record, DataOutputView target) throws IOException {
        FeedNames.write(record.feed(), target);
        target.writeInt(record.partition());
        target.writeLong(record.offset());
        target.writeLong(record.timestamp());
        writeBytes(record.key(), target);
        writeBytes(record.value(), target);
        List<Header> headers = record.headers();
        target.writeInt(headers.size());
        for (int i = 0; i < headers.size(); i++) {
            writeBytes(headers.get(i).key().getBytes(StandardCharsets.UTF_8), target);
            writeBytes(headers.get(i).value(), target);
        }
    }

    @Override
    public SourceRecord deserialize(DataInputView source) throws IOException {
        return new SourceRecord(
                FeedNames.read(source),
                source.readInt(),
                source.readLong(),
                source.readLong(),
                readBytes(source),
                readBytes(source),
                readHeaders(source));
    }

    private static List<Header> readHeaders(DataInputView source) throws IOException {
        int count = source.readInt();
        if (count == 0) {
            return List.of();
        }
        List<Header> headers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            headers.add(new Header(new String(readPresentBytes(source), StandardCharsets.UTF_8), readBytes(source)));
        }
        return headers;
    }

    @Override
    public TypeSerializerSnapshot<SourceRecord> snapshotConfiguration() {
        return new Snapshot();
    }

    /** Part of every savepoint. */
    public static final class Snapshot extends LayoutSnapshot<SourceRecord> {
        public Snapshot() {
            super(1, () -> INSTANCE);
        }
    }
}
