package io.tradeenrichment.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionUpdate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private static final VersionOrder BY_VALID_FROM = VersionOrder.BY_VALID_FROM;
    private static long offsets;

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
    void anUpdateDoesNotChangeTheBucketOfACheckpoint() {
        RowBucket one = with(RowBucket.EMPTY, 5, 10, 'a');
        RowBucket two = with(one, 5, 20, 'b');
        RowBucket before = with(two, 3, 30, 'c');
        RowBucket after = with(before, 9, 40, 'd');
        RowBucket replaced = with(after, 5, 20, 'e');
        RowBucket capped = with(replaced, 5, 50, null).withAtMost(1, 5, null);
        RowBucket expired = capped.within(new RowBucket.Horizons(NEVER, 51, NEVER), BY_VALID_FROM);
        assertThat(text(RowBucket.EMPTY)).isEmpty();
        assertThat(text(one)).isEqualTo("5@10=a ");
        assertThat(text(two)).isEqualTo("5@10=a 5@20=b ");
        assertThat(text(before)).isEqualTo("3@30=c 5@10=a 5@20=b ");
        assertThat(text(after)).isEqualTo("3@30=c 5@10=a 5@20=b 9@40=d ");
        assertThat(text(replaced)).isEqualTo("3@30=c 5@10=a 5@20=e 9@40=d ");
        assertThat(text(capped)).isEqualTo("3@30=c 5@50=null 9@40=d ");
        assertThat(text(expired)).isEqualTo("3@30=c 9@40=d ");
    }

    @Test
    void removesTombstonesBeforeTheHorizonAndNoRow() {
        RowBucket bucket = with(RowBucket.EMPTY, 1, 10, 'a');
        bucket = with(bucket, 2, 10, null);
        bucket = with(bucket, 3, 11, null);
        for (VersionOrder order : VersionOrder.values()) {
            assertThat(bucket.within(new RowBucket.Horizons(NEVER, 10, NEVER), order))
                    .isSameAs(bucket);
            assertThat(text(bucket.within(new RowBucket.Horizons(NEVER, 11, NEVER), order)))
                    .isEqualTo("1@10=a 3@11=null ");
        }
    }

    /** Otherwise the version before it would be valid again. */
    @Test
    void keepsATombstoneAsLongAsAVersionThatItDeletes() {
        RowBucket bucket = with(with(with(RowBucket.EMPTY, 1, 10, 'a'), 1, 20, null), 1, 30, 'b');
        assertThat(bucket.within(new RowBucket.Horizons(NEVER, 100, NEVER), BY_VALID_FROM))
                .isSameAs(bucket);
        assertThat(text(bucket.within(new RowBucket.Horizons(20, 100, NEVER), BY_VALID_FROM)))
                .isEqualTo("1@30=b ");
        assertThat(text(bucket.within(new RowBucket.Horizons(20, 20, NEVER), BY_VALID_FROM)))
                .isEqualTo("1@20=null 1@30=b ");
    }

    /** Removing a tombstone must not restore the row of another partition that it deletes. */
    @Test
    void removesATombstoneTogetherWithTheRowsOfOtherPartitionsThatItDeletes() {
        RowBucket bucket = RowBucket.EMPTY
                .with(at(0, 8, 1, 10, 'a'), VersionOrder.BY_RECORD)
                .with(at(1, 3, 1, 20, null), VersionOrder.BY_RECORD);
        assertThat(bucket.fragment(bucket.last(1, null))).isNull();
        assertThat(bucket.within(new RowBucket.Horizons(NEVER, 20, NEVER), VersionOrder.BY_RECORD))
                .isSameAs(bucket);
        assertThat(bucket.within(new RowBucket.Horizons(NEVER, 21, NEVER), VersionOrder.BY_RECORD)
                        .size())
                .isZero();
    }

    @Test
    void keepsTheVersionThatIsValidAtTheHorizonAndAllAfterIt() {
        RowBucket bucket = with(with(with(with(RowBucket.EMPTY, 1, 10, 'a'), 1, 20, 'b'), 1, 30, 'c'), 2, 5, 'x');
        assertThat(bucket.within(new RowBucket.Horizons(19, NEVER, NEVER), BY_VALID_FROM))
                .isSameAs(bucket);
        assertThat(text(bucket.within(new RowBucket.Horizons(20, NEVER, NEVER), BY_VALID_FROM)))
                .isEqualTo("1@20=b 1@30=c 2@5=x ");
        assertThat(text(bucket.within(new RowBucket.Horizons(1_000, NEVER, NEVER), BY_VALID_FROM)))
                .isEqualTo("1@30=c 2@5=x ");
    }

    /** Its valid_from is the oldest, but it is valid after the tombstone has ended the others. */
    @Test
    void keepsAVersionThatFollowedATombstoneThoughItsValidFromIsTheOldest() {
        RowBucket bucket = with(with(RowBucket.EMPTY, 1, 20, 'w'), 1, 40, null);
        bucket = with(bucket, 1, 10, 'v');
        assertThat(bucket.fragment(bucket.valid(1, null, 15))).containsExactly('v');
        assertThat(bucket.fragment(bucket.valid(1, null, 30))).containsExactly('w');
        assertThat(bucket.fragment(bucket.valid(1, null, 50))).containsExactly('v');
        assertThat(bucket.within(new RowBucket.Horizons(30, 30, NEVER), BY_VALID_FROM))
                .isSameAs(bucket);
        assertThat(text(bucket.within(new RowBucket.Horizons(40, 41, NEVER), BY_VALID_FROM)))
                .isEqualTo("1@10=v ");
    }

    @Test
    void removesRowsWithoutAVersionSinceTheHorizon() {
        RowBucket bucket = with(with(with(RowBucket.EMPTY, 1, 10, 'a'), 1, 20, 'b'), 2, 15, 'x');
        // Each record timestamp is the valid_from.
        assertThat(bucket.within(new RowBucket.Horizons(NEVER, NEVER, 15), BY_VALID_FROM))
                .isSameAs(bucket);
        assertThat(text(bucket.within(new RowBucket.Horizons(NEVER, NEVER, 16), BY_VALID_FROM)))
                .isEqualTo("1@10=a 1@20=b ");
        assertThat(text(bucket.within(new RowBucket.Horizons(NEVER, NEVER, 21), BY_VALID_FROM)))
                .isEmpty();
    }

    @Test
    void findsTheVersionThatIsValidAtATime() {
        RowBucket bucket = with(with(with(RowBucket.EMPTY, 5, 10, 'a'), 5, 20, 'b'), 9, 1, 'z');
        assertThat(bucket.valid(5, null, 9)).isEqualTo(-1);
        assertThat(bucket.valid(5, null, 10)).isZero();
        assertThat(bucket.valid(5, null, 19)).isZero();
        assertThat(bucket.valid(5, null, 20)).isOne();
        assertThat(bucket.valid(5, null, Long.MAX_VALUE)).isOne();
        assertThat(bucket.valid(7, null, 100)).isEqualTo(-1);
        assertThat(bucket.nextAfter(5, null, 9)).isEqualTo(10);
        assertThat(bucket.nextAfter(5, null, 10)).isEqualTo(20);
        assertThat(bucket.nextAfter(5, null, 20)).isEqualTo(Long.MAX_VALUE);
        assertThat(bucket.last(5, null)).isOne();
        assertThat(bucket.last(7, null)).isEqualTo(-1);
        assertThat(bucket.first(5, null)).isZero();
        assertThat(bucket.first(7, null)).isEqualTo(2);
        assertThat(bucket.end(0)).isEqualTo(2);
    }

    @Test
    void findsIdsOfBothSigns() {
        RowBucket bucket = RowBucket.EMPTY;
        long[] ids = {0, Long.MIN_VALUE, Long.MAX_VALUE, -1, 1};
        for (long id : ids) {
            bucket = with(bucket, id, id, 'x');
        }
        assertThat(bucket.size()).isEqualTo(ids.length);
        for (long id : ids) {
            assertThat(bucket.id(bucket.last(id, null))).isEqualTo(id);
            assertThat(bucket.id(bucket.valid(id, null, id))).isEqualTo(id);
        }
    }

    /** As of a CDC source that repeatedly deletes and inserts a row in one transaction. */
    @Test
    void limitsTheVersionsThoughTheValidOnePrecedesATombstone() {
        RowBucket bucket = RowBucket.EMPTY;
        for (long time = 100; time < 2_000; time += 100) {
            bucket = with(bucket, 1, time, null).withAtMost(2, 1, null);
            bucket = with(bucket, 1, time - 1, 'v').withAtMost(2, 1, null);
            assertThat(bucket.fragment(bucket.valid(1, null, time))).containsExactly('v');
            assertThat(bucket.size()).isLessThanOrEqualTo(3);
        }
    }

    @Test
    void rowsAscendByNumberThenByTheBytesOfTheirTexts() {
        String[] rows = {"1:é", "2:a", "1", "1:ab", "1:b", "1:", "0:z", "1:a"};
        RowBucket bucket = RowBucket.EMPTY;
        for (String row : rows) {
            bucket = bucket.with(at(row, offsets++, 10, 'x'), BY_VALID_FROM);
        }
        assertThat(rows(bucket)).containsExactly("0:z", "1", "1:", "1:a", "1:ab", "1:b", "1:é", "2:a");
    }

    /** Each row behaves as in a bucket of its own, whatever else has its number. */
    @ParameterizedTest
    @EnumSource
    void neverMixesRowsWhoseTextsHaveTheSameNumber(VersionOrder order) {
        String[] rows = {"1", "1:", "1:a", "1:ab", "1:b", "1:é", "2", "2:a", "3:a"};
        for (int seed = 1; seed <= 40; seed++) {
            Random random = new Random(seed);
            Map<String, RowBucket> alone = new HashMap<>();
            RowBucket shared = RowBucket.EMPTY;
            for (int step = 0; step < 120; step++) {
                if (random.nextInt(15) == 0) {
                    var horizons = new RowBucket.Horizons(random.nextInt(20), random.nextInt(20), random.nextInt(12));
                    shared = shared.within(horizons, order);
                    alone.replaceAll((row, bucket) -> bucket.within(horizons, order));
                } else {
                    String row = rows[random.nextInt(rows.length)];
                    Character fragment = random.nextInt(4) == 0 ? null : (char) ('a' + random.nextInt(26));
                    DimensionUpdate update = at(row, offsets++, random.nextInt(20), fragment);
                    RowBucket own = alone.getOrDefault(row, RowBucket.EMPTY);
                    assertThat(shared.replacedBy(update, order) < 0).isEqualTo(own.replacedBy(update, order) < 0);
                    shared = shared.with(update, order);
                    own = own.with(update, order);
                    if (order == BY_VALID_FROM) {
                        shared = shared.withAtMost(3, update.id(), update.text());
                        own = own.withAtMost(3, update.id(), update.text());
                    }
                    alone.put(row, own);
                }
                assertThat(rows(shared)).isSorted();
                for (String row : rows) {
                    assertThat(lookUps(shared, row, order))
                            .as(row + " in " + rows(shared))
                            .isEqualTo(lookUps(alone.getOrDefault(row, RowBucket.EMPTY), row, order));
                }
            }
        }
    }

    private static String lookUps(RowBucket bucket, String row, VersionOrder order) {
        long id = number(row);
        byte[] text = bytes(row);
        StringBuilder found = new StringBuilder();
        int first = bucket.first(id, text);
        int end = bucket.isOf(first, id, text) ? bucket.end(first) : first;
        for (int at = first; at < end; at++) {
            found.append(bucket.validFrom(at)).append(fragment(bucket, at));
        }
        found.append(" last ").append(fragment(bucket, bucket.last(id, text)));
        for (long time = -1; time <= 20 && order == BY_VALID_FROM; time++) {
            found.append(' ').append(fragment(bucket, bucket.valid(id, text, time)));
            found.append(bucket.nextAfter(id, text, time));
        }
        return found.toString();
    }

    private static String fragment(RowBucket bucket, int at) {
        byte[] fragment = at < 0 ? null : bucket.fragment(at);
        return at < 0 ? "none" : fragment == null ? "null" : String.valueOf((char) fragment[0]);
    }

    @Test
    void bucketsOfDifferentTextsWithTheSameNumberDiffer() {
        RowBucket a = RowBucket.EMPTY.with(at("1:a", 5, 10, 'x'), BY_VALID_FROM);
        RowBucket b = RowBucket.EMPTY.with(at("1:b", 5, 10, 'x'), BY_VALID_FROM);
        RowBucket integer = RowBucket.EMPTY.with(at("1", 5, 10, 'x'), BY_VALID_FROM);
        assertThat(a).isNotEqualTo(b).isNotEqualTo(integer);
        assertThat(a.hash(0)).isNotEqualTo(b.hash(0)).isNotEqualTo(integer.hash(0));
        assertThat(a)
                .isEqualTo(RowBucket.EMPTY.with(at("1:a", 5, 10, 'x'), BY_VALID_FROM))
                .hasSameHashCodeAs(RowBucket.EMPTY.with(at("1:a", 5, 10, 'x'), BY_VALID_FROM));
    }

    /** A bucket that has lost its last text equals one that never had a text. */
    @Test
    void aBucketWithoutATextHasNoTexts() {
        RowBucket integer = RowBucket.EMPTY.with(at("1", 5, 10, 'x'), VersionOrder.BY_RECORD);
        RowBucket both = integer.with(at("1:a", 6, 9, 'y'), VersionOrder.BY_RECORD);
        assertThat(integer.hasTexts()).isFalse();
        assertThat(both.hasTexts()).isTrue();
        RowBucket again = both.within(new RowBucket.Horizons(NEVER, NEVER, 10), VersionOrder.BY_RECORD);
        assertThat(again.hasTexts()).isFalse();
        assertThat(again).isEqualTo(integer);
    }

    /** A row by its number and, after a colon, its text. */
    private static DimensionUpdate at(String row, long offset, long validFrom, @Nullable Character fragment) {
        byte[] bytes = fragment == null ? null : new byte[] {(byte) fragment.charValue()};
        return new DimensionUpdate(
                Dimension.USER, number(row), bytes(row), validFrom, validFrom, bytes, (int) offset % 2, offset);
    }

    private static long number(String row) {
        return row.charAt(0) - '0';
    }

    private static byte @Nullable [] bytes(String row) {
        return row.length() == 1 ? null : row.substring(2).getBytes(StandardCharsets.UTF_8);
    }

    /** Each row once, in the order of the bucket. */
    private static List<String> rows(RowBucket bucket) {
        List<String> rows = new ArrayList<>();
        for (int first = 0; first < bucket.size(); first = bucket.end(first)) {
            byte[] text = bucket.text(first);
            rows.add(bucket.id(first) + (text == null ? "" : ":" + new String(text, StandardCharsets.UTF_8)));
        }
        return rows;
    }

    private static RowBucket with(RowBucket bucket, long id, long validFrom, @Nullable Character fragment) {
        return bucket.with(at(0, offsets++, id, validFrom, fragment), BY_VALID_FROM);
    }

    /** Its record timestamp is its valid_from. */
    private static DimensionUpdate at(
            int partition, long offset, long id, long validFrom, @Nullable Character fragment) {
        byte[] bytes = fragment == null ? null : new byte[] {(byte) fragment.charValue()};
        return new DimensionUpdate(Dimension.USER, id, validFrom, validFrom, bytes, partition, offset);
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
