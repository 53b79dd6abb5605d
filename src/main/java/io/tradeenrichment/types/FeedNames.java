package io.tradeenrichment.types;

import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.Feed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * The names of feeds and dimensions in serialized layouts. A feed: 1 for trades, 2 for instruments, 3 for users (1
 * byte). A dimension: 1 for instrument, 2 for user (1 byte). Any other: 0, then its name (bytes, UTF-8).
 */
final class FeedNames {
    private static final byte OTHER = 0;

    private FeedNames() {}

    static void write(Feed feed, DataOutputView target) throws IOException {
        write(1 + Feed.BUNDLED.indexOf(feed), feed.title(), target);
    }

    static Feed read(DataInputView source) throws IOException {
        byte code = source.readByte();
        return code == OTHER ? new Feed(readName(source)) : ofCode(code, Feed.BUNDLED);
    }

    static void write(Dimension dimension, DataOutputView target) throws IOException {
        write(1 + Dimension.BUNDLED.indexOf(dimension), dimension.name(), target);
    }

    static Dimension readDimension(DataInputView source) throws IOException {
        byte code = source.readByte();
        return code == OTHER ? new Dimension(readName(source)) : ofCode(code, Dimension.BUNDLED);
    }

    private static void write(int code, String name, DataOutputView target) throws IOException {
        target.writeByte(code);
        if (code == OTHER) {
            ValueSerializer.writeBytes(name.getBytes(StandardCharsets.UTF_8), target);
        }
    }

    private static String readName(DataInputView source) throws IOException {
        return new String(ValueSerializer.readPresentBytes(source), StandardCharsets.UTF_8);
    }

    private static <T> T ofCode(byte code, List<T> bundled) throws IOException {
        if (code < 1 || code > bundled.size()) {
            throw new IOException("no feed or dimension has the code " + code);
        }
        return bundled.get(code - 1);
    }
}
