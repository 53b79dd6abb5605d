package io.tradeenrichment.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RowBucketTest {
    private static final int IDS = 1_000_000;

    enum Ids {
        DENSE(i -> i),
        DENSE_FROM_FAR(i -> 5_000_000_000L + i),
        IN_THOUSANDS(i -> i * 1000),
        IN_POWERS_OF_TWO(i -> i << 20),
        IN_THE_UPPER_HALF(i -> i << 40),
        NEGATIVE(i -> -i),
        RANDOM(new Random(7).longs(IDS).toArray());

        private final LongUnaryOperator ith;

        Ids(LongUnaryOperator ith) {
            this.ith = ith;
        }

        Ids(long[] all) {
            this(i -> all[(int) i]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void idsFillTheBucketsEvenly(Ids ids) {
        int[] sizes = new int[RowBucket.COUNT];
        for (int i = 0; i < IDS; i++) {
            sizes[RowBucket.of(ids.ith.applyAsLong(i))]++;
        }
        int mean = IDS / RowBucket.COUNT;
        assertThat(IntStream.of(sizes).max().orElseThrow()).isLessThan(2 * mean);
        assertThat(IntStream.of(sizes).min().orElseThrow()).isGreaterThan(mean / 2);
    }

    @Test
    void anUpdateLeavesTheBucketThatACheckpointHoldsAsItWas() {
        RowBucket one = with(RowBucket.EMPTY, 5, 10, 'a');
        RowBucket replaced = with(one, 5, 20, 'b');
        RowBucket before = with(replaced, 3, 30, 'c');
        RowBucket after = with(before, 9, 40, 'd');
        RowBucket deleted = after.with(after.find(5), 5, 50, null);
        RowBucket forgotten = deleted.withoutMarksBefore(51);
        assertThat(text(RowBucket.EMPTY)).isEmpty();
        assertThat(text(one)).isEqualTo("5@10=a ");
        assertThat(text(replaced)).isEqualTo("5@20=b ");
        assertThat(text(before)).isEqualTo("3@30=c 5@20=b ");
        assertThat(text(after)).isEqualTo("3@30=c 5@20=b 9@40=d ");
        assertThat(text(deleted)).isEqualTo("3@30=c 5@50=null 9@40=d ");
        assertThat(text(forgotten)).isEqualTo("3@30=c 9@40=d ");
    }

    @Test
    void forgetsMarksBeforeTheTimeAndNoRow() {
        RowBucket bucket = with(RowBucket.EMPTY, 1, 10, 'a');
        bucket = bucket.with(bucket.find(2), 2, 10, null);
        bucket = bucket.with(bucket.find(3), 3, 11, null);
        assertThat(bucket.withoutMarksBefore(10)).isSameAs(bucket);
        assertThat(text(bucket.withoutMarksBefore(11))).isEqualTo("1@10=a 3@11=null ");
    }

    @Test
    void idsOfBothSignsAreFound() {
        RowBucket bucket = RowBucket.EMPTY;
        long[] ids = {0, Long.MIN_VALUE, Long.MAX_VALUE, -1, 1};
        for (long id : ids) {
            bucket = with(bucket, id, id, 'x');
        }
        assertThat(bucket.size()).isEqualTo(ids.length);
        for (long id : ids) {
            assertThat(bucket.id(bucket.find(id))).isEqualTo(id);
        }
    }

    private static RowBucket with(RowBucket bucket, long id, long validFrom, char fragment) {
        return bucket.with(bucket.find(id), id, validFrom, new byte[] {(byte) fragment});
    }

    private static String text(RowBucket bucket) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < bucket.size(); at++) {
            byte[] fragment = bucket.fragment(at);
            text.append(bucket.id(at)).append('@').append(bucket.validFrom(at)).append('=');
            text.append(fragment == null ? "null" : String.valueOf((char) fragment[0]))
                    .append(' ');
        }
        return text.toString();
    }
}
