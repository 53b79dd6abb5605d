package io.tradeenrichment.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.LongUnaryOperator;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RowBucketTest {
    private static final int IDS = 1_000_000;
    private static final long NEVER = Long.MIN_VALUE;

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
        RowBucket two = with(one, 5, 20, 'b');
        RowBucket before = with(two, 3, 30, 'c');
        RowBucket after = with(before, 9, 40, 'd');
        RowBucket replaced = after.with(update(5, 20, 'e'), 2, 3, 3);
        RowBucket newest = replaced.with(update(5, 50, null), 1, 3, 3);
        RowBucket forgotten = newest.within(new RowBucket.Horizons(NEVER, 51, NEVER));
        assertThat(text(RowBucket.EMPTY)).isEmpty();
        assertThat(text(one)).isEqualTo("5@10=a ");
        assertThat(text(two)).isEqualTo("5@10=a 5@20=b ");
        assertThat(text(before)).isEqualTo("3@30=c 5@10=a 5@20=b ");
        assertThat(text(after)).isEqualTo("3@30=c 5@10=a 5@20=b 9@40=d ");
        assertThat(text(replaced)).isEqualTo("3@30=c 5@10=a 5@20=e 9@40=d ");
        assertThat(text(newest)).isEqualTo("3@30=c 5@50=null 9@40=d ");
        assertThat(text(forgotten)).isEqualTo("3@30=c 9@40=d ");
    }

    @Test
    void forgetsMarksBeforeTheTimeAndNoRow() {
        RowBucket bucket = with(RowBucket.EMPTY, 1, 10, 'a');
        bucket = with(bucket, 2, 10, null);
        bucket = with(bucket, 3, 11, null);
        assertThat(bucket.within(new RowBucket.Horizons(NEVER, 10, NEVER))).isSameAs(bucket);
        assertThat(text(bucket.within(new RowBucket.Horizons(NEVER, 11, NEVER))))
                .isEqualTo("1@10=a 3@11=null ");
    }

    /** Else the version before it would be valid again. */
    @Test
    void keepsAMarkForAsLongAsAVersionBeforeIt() {
        RowBucket bucket = with(with(with(RowBucket.EMPTY, 1, 10, 'a'), 1, 20, null), 1, 30, 'b');
        assertThat(bucket.within(new RowBucket.Horizons(NEVER, 100, NEVER))).isSameAs(bucket);
        assertThat(text(bucket.within(new RowBucket.Horizons(20, 100, NEVER)))).isEqualTo("1@30=b ");
        assertThat(text(bucket.within(new RowBucket.Horizons(20, 20, NEVER)))).isEqualTo("1@20=null 1@30=b ");
    }

    @Test
    void keepsTheVersionThatIsValidAtTheHorizonAndAllAfterIt() {
        RowBucket bucket = with(with(with(with(RowBucket.EMPTY, 1, 10, 'a'), 1, 20, 'b'), 1, 30, 'c'), 2, 5, 'x');
        assertThat(bucket.within(new RowBucket.Horizons(19, NEVER, NEVER))).isSameAs(bucket);
        assertThat(text(bucket.within(new RowBucket.Horizons(20, NEVER, NEVER))))
                .isEqualTo("1@20=b 1@30=c 2@5=x ");
        assertThat(text(bucket.within(new RowBucket.Horizons(1_000, NEVER, NEVER))))
                .isEqualTo("1@30=c 2@5=x ");
    }

    @Test
    void forgetsRowsOfWhichNoVersionWasWrittenSince() {
        RowBucket bucket = with(with(with(RowBucket.EMPTY, 1, 10, 'a'), 1, 20, 'b'), 2, 15, 'x');
        // Each was written when it became valid.
        assertThat(bucket.within(new RowBucket.Horizons(NEVER, NEVER, 15))).isSameAs(bucket);
        assertThat(text(bucket.within(new RowBucket.Horizons(NEVER, NEVER, 16))))
                .isEqualTo("1@10=a 1@20=b ");
        assertThat(text(bucket.writtenAt(2, 30).within(new RowBucket.Horizons(NEVER, NEVER, 21))))
                .isEqualTo("2@15=x ");
    }

    @Test
    void findsTheVersionThatWasValidAtATime() {
        RowBucket bucket = with(with(with(RowBucket.EMPTY, 5, 10, 'a'), 5, 20, 'b'), 9, 1, 'z');
        assertThat(bucket.valid(5, 9)).isEqualTo(-1);
        assertThat(bucket.valid(5, 10)).isZero();
        assertThat(bucket.valid(5, 19)).isZero();
        assertThat(bucket.valid(5, 20)).isOne();
        assertThat(bucket.valid(5, Long.MAX_VALUE)).isOne();
        assertThat(bucket.newest(5)).isOne();
        assertThat(bucket.oldest(1)).isZero();
        assertThat(bucket.end(0)).isEqualTo(2);
        assertThat(bucket.newest(7)).isEqualTo(-3);
        assertThat(bucket.valid(7, 100)).isEqualTo(-3);
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
            assertThat(bucket.id(bucket.newest(id))).isEqualTo(id);
            assertThat(bucket.id(bucket.valid(id, id))).isEqualTo(id);
        }
    }

    private static RowBucket with(RowBucket bucket, long id, long validFrom, @Nullable Character fragment) {
        int at = bucket.valid(id, validFrom);
        return bucket.with(update(id, validFrom, fragment), 0, 0, at < 0 ? -at - 1 : at + 1);
    }

    private static DimensionUpdate update(long id, long validFrom, @Nullable Character fragment) {
        byte[] bytes = fragment == null ? null : new byte[] {(byte) fragment.charValue()};
        return new DimensionUpdate(Dimension.USER, id, validFrom, validFrom, bytes, 0, 0);
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
