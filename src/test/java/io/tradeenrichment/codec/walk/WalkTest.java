package io.tradeenrichment.codec.walk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tradeenrichment.codec.ApacheAvro;
import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.model.Reason;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WalkTest {
    private static final String CHAIN =
            "{'type':'record','name':'Chain','fields':[{'name':'next','type':['null','Chain']}]}";

    @Test
    void acceptsARecursiveValueUpToTheLimitOfDepth() throws Exception {
        // The outermost two are inlined, or are the datum itself.
        over(CHAIN, chain(Walk.MAX_DEPTH));
        assertThat(failure(CHAIN, chain(Walk.MAX_DEPTH + 1)))
                .hasMessageContaining("is nested more than 1000 levels deep")
                .extracting(DecodeException::reason)
                .isEqualTo(Reason.MALFORMED);
        failure(CHAIN, chain(10_000_000));
    }

    @Test
    void rejectsARecordThatContainsItselfWithoutEnd() {
        assertThat(failure(
                        "{'type':'record','name':'Endless','fields':[{'name':'next','type':'Endless'}]}", new byte[0]))
                .hasMessageContaining("levels deep");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'null'", "{'type':'fixed','name':'F','size':0}"})
    void skipsBillionsOfItemsOfNoBytesAtOnce(String item) throws Exception {
        String schema = array(item);
        over(schema, numbers(Integer.MAX_VALUE - 8, 0));
        over(schema, numbers(-(Integer.MAX_VALUE - 8L), 0, 0));
        assertThat(failure(schema, numbers(Integer.MAX_VALUE - 7L, 0)))
                .hasMessageContaining("declares 2147483640 items");
        failure(schema, numbers(Long.MIN_VALUE, 0, 0));
    }

    @Test
    void skipsItemsOfOneSizeAtOnce() throws Exception {
        String schema = array("'double'");
        over(schema, with(numbers(2), new byte[17]));
        assertThat(failure(schema, numbers(Integer.MAX_VALUE - 8, 0))).hasMessageContaining("ends within items");
    }

    @ParameterizedTest
    @ValueSource(strings = {"'double'", "'string'", "'null'"})
    void rejectsABlockOfAnotherSizeThanItDeclares(String item) throws Exception {
        byte[] one = item.equals("'null'") ? new byte[0] : item.equals("'string'") ? numbers(2, 1, 1) : new byte[8];
        over(array(item), with(numbers(-1, one.length), with(one, new byte[1])));
        assertThat(failure(array(item), with(numbers(-1, one.length + 1), with(one, new byte[1]))))
                .hasMessageContaining("has a block whose size differs from its declared size");
    }

    @Test
    void namesTheFieldsThatADatumEndsWithin() {
        String schema = "{'type':'record','name':'R','fields':[{'name':'fee','type':'double'},{'name':'inner','type':"
                + "{'type':'record','name':'I','fields':[{'name':'rate','type':'float'},"
                + "{'name':'venue','type':'string'}]}}]}";
        assertThat(failure(schema, new byte[11])).hasMessageContaining("ends within fee to inner.rate");
        assertThat(failure(schema, with(new byte[12], numbers(5))))
                .hasMessageContaining("a length of 5 for inner.venue");
    }

    @Test
    void rejectsMarksInCollections() {
        assertThatThrownBy(() -> Walk.of(parsed(array("'long'")), List.of(Mark.value(List.of("items", "x")))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static String array(String item) {
        return "{'type':'record','name':'R','fields':[{'name':'items','type':{'type':'array','items':" + item + "}}]}";
    }

    /** So many values inside the outermost. */
    private static byte[] chain(int length) {
        byte[] bytes = new byte[length + 1];
        Arrays.fill(bytes, 0, length, (byte) 2);
        return bytes;
    }

    private static byte[] numbers(long... numbers) {
        return ApacheAvro.written(encoder -> {
            for (long number : numbers) {
                encoder.writeLong(number);
            }
        });
    }

    private static byte[] with(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    private static Schema parsed(String json) {
        return new Schema.Parser().parse(json.replace('\'', '"'));
    }

    private static void over(String schema, byte[] datum) throws DecodeException {
        Walk.of(parsed(schema), List.of()).over(datum, 0);
    }

    private static DecodeException failure(String schema, byte[] datum) {
        Walk walk = Walk.of(parsed(schema), List.of());
        DecodeException failure = catchThrowableOfType(DecodeException.class, () -> walk.over(datum, 0));
        assertThat(failure).isNotNull();
        assertThat(failure.reason()).isEqualTo(Reason.MALFORMED);
        return failure;
    }
}
