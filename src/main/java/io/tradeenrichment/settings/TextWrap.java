package io.tradeenrichment.settings;

import java.util.ArrayList;
import java.util.List;

/** Text broken into lines between words. */
public final class TextWrap {
    private TextWrap() {}

    /** Lines of at most this width; a longer word has a line to itself. */
    public static List<String> lines(String text, int width) {
        List<String> lines = new ArrayList<>();
        var line = new StringBuilder();
        for (String word : text.strip().split("\\s+", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
