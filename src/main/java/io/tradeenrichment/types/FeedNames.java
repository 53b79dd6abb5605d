package io.tradeenrichment.types;

import io.tradeenrichment.model.Feed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * The name of a feed in serialized layouts: 1 for trades, 2 for instruments, 3 for users (1 byte); for any other feed 0,
 * then its title (bytes, UTF-8).
 */
final class FeedNames {
    private static final byte OTHER = 0;

    private FeedNames() {}

    static void write(Feed feed, DataOutputView target) throws IOException {
        int code = 1 + Feed.BUNDLED.indexOf(feed);
        target.writeByte(code);
        if (code == OTHER) {
            ValueSerializer.writeBytes(feed.title().getBytes(StandardCharsets.UTF_8), target);
        }
    }

    static Feed read(DataInputView source) throws IOException {
        byte code = source.readByte();
        if (code == OTHER) {
            return new Feed(new String(ValueSerializer.readPresentBytes(source), StandardCharsets.UTF_8));
        }
        if (code < 0 || code > Feed.BUNDLED.size()) {
            throw new IOException("no feed has the code " + code);
        }
        return Feed.BUNDLED.get(code - 1);
    }
}
