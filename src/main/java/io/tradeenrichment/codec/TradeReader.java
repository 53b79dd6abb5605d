package io.tradeenrichment.codec;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.layout.FieldPath;
import io.tradeenrichment.codec.layout.TradeSchema;
import io.tradeenrichment.codec.walk.Mark;
import io.tradeenrichment.codec.walk.Walk;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.model.TextIds;
import io.tradeenrichment.model.Trade;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads a trade's ids in place, and validates the rest of the datum without decoding it: the bytes must be exactly one
 * record of the trade's schema. Not thread-safe.
 */
public final class TradeReader {
    private final Walk walk;
    private final String[] names;
    private final int[] slots;
    private final boolean[] isText;
    private final boolean anyText;
    /** Whether every id is a number that is never null, so that the ids are the first numbers of the walk. */
    private final boolean isPlain;

    private final int timeSlot;
    private final EpochMicros time;
    private final Utf8Reader utf8 = new Utf8Reader();

    public TradeReader(TradeSchema schema) {
        List<FieldPath> ids = new ArrayList<>(List.of(schema.tradeId()));
        ids.addAll(schema.dimensionFields());
        // Two dimensions may have the same field.
        List<FieldPath> marked = new ArrayList<>(ids.stream().distinct().toList());
        this.timeSlot = marked.size();
        marked.add(schema.tradeTime());
        this.walk = Walk.of(
                schema.schema(),
                marked.stream().map(path -> Mark.value(path.names())).toList());
        this.names = ids.stream().map(FieldPath::toString).toArray(String[]::new);
        this.slots = ids.stream().mapToInt(marked::indexOf).toArray();
        this.isText = new boolean[slots.length];
        boolean any = false;
        for (int id = 0; id < slots.length; id++) {
            isText[id] = id == 0 ? schema.isTextTradeId() : schema.isTextId(id - 1);
            any |= isText[id];
        }
        this.anyText = any;
        this.isPlain = !any
                && marked.subList(0, timeSlot).equals(ids)
                && ids.stream().noneMatch(path -> path.isNullable(schema.schema()));
        this.time =
                new EpochMicros(schema.tradeTimeResolution(), schema.tradeTime().toString());
    }

    /**
     * @param bytes the datum under the job's schema, from {@code start} to the end of the array
     * @throws DecodeException if the bytes are malformed, an id is empty text, or the trade has no id
     */
    public Trade read(SourceRecord record, byte[] bytes, int start) throws DecodeException {
        walk.over(bytes, start);
        if (isPlain) {
            return new Trade(record, bytes, start, time.of(walk.number(timeSlot)), walk.numbers(slots.length), null, 0);
        }
        long[] ids = new long[slots.length];
        byte @Nullable [] @Nullable [] texts = anyText ? new byte[slots.length][] : null;
        int absent = 0;
        for (int id = 0; id < slots.length; id++) {
            int slot = slots[id];
            if (walk.isAbsent(slot)) {
                absent |= absent(id);
            } else if (texts == null || !isText[id]) {
                ids[id] = walk.number(slot);
            } else {
                byte[] text = utf8.id(bytes, walk.start(slot), walk.end(slot), names[id]);
                texts[id] = text;
                ids[id] = TextIds.hash(text);
            }
        }
        return new Trade(record, bytes, start, time.of(walk.number(timeSlot)), ids, texts, absent);
    }

    /** The bit of the dimension. */
    private int absent(int id) throws DecodeException {
        if (id == 0) {
            throw new DecodeException(Reason.OUT_OF_RANGE, names[0] + " is null, but a trade must have an id");
        }
        return 1 << (id - 1);
    }
}
