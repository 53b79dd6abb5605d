package io.tradeenrichment.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tradeenrichment.model.Account;
import io.tradeenrichment.model.Dimension;
import io.tradeenrichment.model.DimensionEvent;
import io.tradeenrichment.model.DimensionUpdate;
import io.tradeenrichment.model.EnrichedTrade;
import io.tradeenrichment.model.Feed;
import io.tradeenrichment.model.Header;
import io.tradeenrichment.model.ParkedTrade;
import io.tradeenrichment.model.ReadProgress;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.model.RejectedRecord;
import io.tradeenrichment.model.SourceRecord;
import io.tradeenrichment.model.Trade;
import io.tradeenrichment.state.IdPage;
import io.tradeenrichment.state.PageId;
import io.tradeenrichment.state.Posting;
import io.tradeenrichment.state.QueueBounds;
import io.tradeenrichment.state.RowBucket;
import io.tradeenrichment.state.RowVersions;
import io.tradeenrichment.state.VersionOrder;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every layout in a savepoint: values survive serialization, and the bytes do not change. */
class LayoutTest {
    private static final int RANDOM_VALUES = 60;

    /** A layout: its type, the name and version of its golden bytes, their value, and random values. */
    record Layout<T>(String title, int version, TypeInformation<T> type, T golden, RandomValue<T> randomly) {
        TypeSerializer<T> serializer() {
            return type.createSerializer(new SerializerConfigImpl());
        }

        @Override
        public String toString() {
            return title + " " + version;
        }
    }

    private interface RandomValue<T> {
        T make(Random random);
    }

    static Stream<Layout<?>> layouts() {
        SourceRecord record = new SourceRecord(
                Feed.TRADES,
                3,
                1042,
                5000,
                bytes("00000007"),
                bytes("c3010203"),
                List.of(new Header("trace", bytes("09")), new Header("größe", null)));
        Trade trade = trade(record);
        byte[][] texts = {bytes("5431"), null, null, bytes("c3bf")};
        return Stream.of(
                new Layout<>("received", 1, ModelTypes.SOURCE_RECORD, record, LayoutTest::record),
                new Layout<>(
                        "received-row",
                        1,
                        ModelTypes.SOURCE_RECORD,
                        new SourceRecord(new Feed("accounts"), 3, 1042, 5000, bytes("07"), null, List.of()),
                        LayoutTest::record),
                new Layout<>("trade", 2, ModelTypes.TRADE, trade, LayoutTest::trade),
                new Layout<>("resolved-trade", 2, ModelTypes.TRADE, resolvedTrade(record), LayoutTest::trade),
                new Layout<>(
                        "text-trade",
                        2,
                        ModelTypes.TRADE,
                        new Trade(record, record.value(), 2, -4, new long[] {-1, 2, 0, 9}, texts, 0b010),
                        LayoutTest::trade),
                new Layout<>(
                        "dimension-event",
                        1,
                        ModelTypes.DIMENSION_EVENT,
                        new DimensionUpdate(Dimension.USER, 7, -20, 5000, bytes("aabb"), 3, 1042),
                        LayoutTest::event),
                new Layout<>(
                        "text-dimension-event",
                        1,
                        ModelTypes.DIMENSION_EVENT,
                        new DimensionUpdate(
                                new Dimension("account"), 7, bytes("5431"), -20, 5000, bytes("aabb"), 3, 1042),
                        LayoutTest::event),
                new Layout<>(
                        "read-progress",
                        1,
                        ModelTypes.DIMENSION_EVENT,
                        new ReadProgress(Dimension.INSTRUMENT, 5000, -20),
                        LayoutTest::event),
                new Layout<>(
                        "enriched-trade",
                        2,
                        ModelTypes.ENRICHED_TRADE,
                        new EnrichedTrade(bytes("0000000000000007"), 5000, bytes("c301")),
                        random -> new EnrichedTrade(bytes(random), random.nextLong(), present(random))),
                new Layout<>(
                        "rejection",
                        1,
                        ModelTypes.REJECTED_RECORD,
                        new RejectedRecord(record, Reason.MISSING_USER, "trade 1 found no user…"),
                        LayoutTest::rejection),
                new Layout<>(
                        "parked-trade",
                        2,
                        ModelTypes.PARKED_TRADE,
                        new ParkedTrade(trade, 86_400_000),
                        random -> new ParkedTrade(trade(random), random.nextLong())),
                new Layout<>(
                        "queue-span",
                        1,
                        ModelTypes.QUEUE_BOUNDS,
                        new QueueBounds(5, 9),
                        random -> new QueueBounds(random.nextLong(), random.nextLong())),
                new Layout<>(
                        "posting",
                        1,
                        ModelTypes.POSTING,
                        new Posting(Account.PARKED, -2),
                        random -> new Posting(pick(Account.values(), random), random.nextLong())),
                new Layout<>("row-bucket", 4, ModelTypes.ROW_BUCKET, bucket(), LayoutTest::bucket),
                new Layout<>(
                        "text-row-bucket",
                        4,
                        ModelTypes.ROW_BUCKET,
                        new RowBucket(new RowVersions(4)
                                .set(0, -1, bytes("41"), 10, 5, 0, 1042, bytes("aabb"))
                                .set(1, 7, 20, 6, 3, 1, null)
                                .set(2, 7, bytes(""), 25, 7, 1, 9, bytes("cc"))
                                .set(3, 7, bytes("c3bf"), 30, 8, 0, 1 << 20, bytes(""))),
                        LayoutTest::bucket),
                new Layout<>(
                        "id-page",
                        1,
                        ModelTypes.ID_PAGE,
                        IdPage.of(7, 900).append(10, 900).append(20, 1000).below(1, 5),
                        LayoutTest::idPage),
                new Layout<>(
                        "page-name",
                        1,
                        new ModelType<>(PageId.class, ModelTypes.PAGE_ID),
                        new PageId(1, -2),
                        random -> new PageId(random.nextInt(4), random.nextLong())));
    }

    /** Layouts that the job does not write any more, but reads from savepoints. */
    static Stream<Layout<?>> earlierLayouts() {
        SourceRecord record = new SourceRecord(
                Feed.TRADES,
                3,
                1042,
                5000,
                bytes("00000007"),
                bytes("c3010203"),
                List.of(new Header("trace", bytes("09")), new Header("größe", null)));
        return Stream.of(
                new Layout<>("trade", 1, ModelTypes.TRADE, trade(record), LayoutTest::trade),
                new Layout<>("resolved-trade", 1, ModelTypes.TRADE, resolvedTrade(record), LayoutTest::trade),
                new Layout<>(
                        "parked-trade",
                        1,
                        ModelTypes.PARKED_TRADE,
                        new ParkedTrade(trade(record), 86_400_000),
                        random -> new ParkedTrade(trade(random), random.nextLong())),
                new Layout<>("row-bucket", 3, ModelTypes.ROW_BUCKET, bucket(), LayoutTest::bucket));
    }

    private static Trade trade(SourceRecord record) {
        return new Trade(record, record.value(), 2, -4, new long[] {1, 2, 3}, null, 0);
    }

    private static Trade resolvedTrade(SourceRecord record) {
        return new Trade(record, bytes("0405"), 0, -4, new long[] {1, 2, 3}, null, 0);
    }

    private static RowBucket bucket() {
        return new RowBucket(new RowVersions(4)
                .set(0, -1, 10, 5, 0, 1042, bytes("aabb"))
                .set(1, 7, 20, 6, 3, 1, null)
                .set(2, 7, 25, 7, 1, 9, bytes("cc"))
                .set(3, 8, 30, 8, 0, 1 << 20, bytes("")));
    }

    @ParameterizedTest
    @MethodSource("earlierLayouts")
    <T> void readsAndWritesTheBytesOfAnEarlierLayout(Layout<T> layout) throws IOException {
        TypeSerializerSnapshot<T> now = layout.serializer().snapshotConfiguration();
        TypeSerializerSnapshot<T> old = layout.serializer().snapshotConfiguration();
        old.readSnapshot(
                layout.version(), new DataInputDeserializer(), getClass().getClassLoader());
        assertThat(now.resolveSchemaCompatibility(old).isCompatibleAfterMigration())
                .isTrue();
        byte[] golden = bytes(resource("/layouts/" + layout.title() + "-" + layout.version() + ".hex"));
        TypeSerializer<T> restored = old.restoreSerializer();
        T value = restored.deserialize(new DataInputDeserializer(golden));
        assertThat(value).usingRecursiveComparison().isEqualTo(layout.golden());
        assertThat(written(restored, value)).isEqualTo(golden);
    }

    /** A dimension of integers takes no byte more than before there were texts. */
    @Test
    void aBucketOfIntegersHasTheBytesOfTheLayoutBeforeTexts() throws IOException {
        assertThat(resource("/layouts/row-bucket-4.hex")).isEqualTo(resource("/layouts/row-bucket-3.hex"));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    <T> void readsEveryValueAsWritten(Layout<T> layout) throws IOException {
        TypeSerializer<T> serializer = layout.serializer();
        Random random = new Random(17);
        for (int i = 0; i < RANDOM_VALUES; i++) {
            T value = layout.randomly().make(random);
            DataInputDeserializer in = new DataInputDeserializer(written(serializer, value));
            assertThat(serializer.deserialize(in)).usingRecursiveComparison().isEqualTo(value);
            assertThat(in.available()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("layouts")
    <T> void copiesAValueAsBytes(Layout<T> layout) throws IOException {
        TypeSerializer<T> serializer = layout.serializer();
        byte[] bytes = written(serializer, layout.golden());
        DataOutputSerializer copy = new DataOutputSerializer(64);
        serializer.copy(new DataInputDeserializer(bytes), copy);
        assertThat(copy.getCopyOfBuffer()).isEqualTo(bytes);
    }

    @ParameterizedTest
    @MethodSource("layouts")
    <T> void writesTheBytesOfExistingSavepoints(Layout<T> layout) throws IOException {
        String file = "/layouts/" + layout.title() + "-" + layout.version() + ".hex";
        assertThat(HexFormat.of().formatHex(written(layout.serializer(), layout.golden())))
                .as(
                        "the layout of %s changed. Savepoints contain the old one: raise the version in its Snapshot and in"
                                + " those of all layouts that contain it, keep a serializer for the old layout there"
                                + " (serializerOf), and add golden bytes beside %s",
                        layout.title(), file)
                .isEqualTo(resource(file));
    }

    @ParameterizedTest
    @MethodSource("layouts")
    <T> void readsTheBytesOfExistingSavepoints(Layout<T> layout) throws IOException {
        byte[] golden = bytes(resource("/layouts/" + layout.title() + "-" + layout.version() + ".hex"));
        assertThat(layout.serializer().deserialize(new DataInputDeserializer(golden)))
                .usingRecursiveComparison()
                .isEqualTo(layout.golden());
    }

    @ParameterizedTest
    @MethodSource("layouts")
    <T> void theGoldenBytesHaveTheCurrentVersion(Layout<T> layout) {
        assertThat(layout.serializer().snapshotConfiguration().getCurrentVersion())
                .isEqualTo(layout.version());
    }

    @ParameterizedTest
    @MethodSource("layouts")
    <T> void refusesEveryTruncation(Layout<T> layout) throws IOException {
        byte[] whole = written(layout.serializer(), layout.golden());
        for (int end = 0; end < whole.length; end++) {
            byte[] cut = Arrays.copyOf(whole, end);
            assertThatThrownBy(() -> layout.serializer().deserialize(new DataInputDeserializer(cut)))
                    .isInstanceOf(IOException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("layouts")
    <T> void readsASnapshotAsFlinkDoesFromASavepoint(Layout<T> layout) throws IOException {
        TypeSerializerSnapshot<T> read = readBack(layout.serializer().snapshotConfiguration());
        assertThat(read.restoreSerializer()).isSameAs(layout.serializer());
        assertThat(layout.serializer()
                        .snapshotConfiguration()
                        .resolveSchemaCompatibility(read)
                        .isCompatibleAsIs())
                .isTrue();
    }

    @Test
    void keepsTheClassNamesOfSnapshotsInSavepoints() {
        assertThat(layouts()
                        .map(layout -> layout.title() + " "
                                + layout.serializer()
                                        .snapshotConfiguration()
                                        .getClass()
                                        .getName()))
                .containsExactly(
                        "received io.tradeenrichment.types.SourceRecordSerializer$Snapshot",
                        "received-row io.tradeenrichment.types.SourceRecordSerializer$Snapshot",
                        "trade io.tradeenrichment.types.TradeSerializer$Snapshot",
                        "resolved-trade io.tradeenrichment.types.TradeSerializer$Snapshot",
                        "text-trade io.tradeenrichment.types.TradeSerializer$Snapshot",
                        "dimension-event io.tradeenrichment.types.DimensionEventSerializer$Snapshot",
                        "text-dimension-event io.tradeenrichment.types.DimensionEventSerializer$Snapshot",
                        "read-progress io.tradeenrichment.types.DimensionEventSerializer$Snapshot",
                        "enriched-trade io.tradeenrichment.types.EnrichedTradeSerializer$Snapshot",
                        "rejection io.tradeenrichment.types.RejectionSerializer$Snapshot",
                        "parked-trade io.tradeenrichment.types.ParkedTradeSerializer$Snapshot",
                        "queue-span io.tradeenrichment.types.QueueSpanSerializer$Snapshot",
                        "posting io.tradeenrichment.types.PostingSerializer$Snapshot",
                        "row-bucket io.tradeenrichment.types.RowBucketSerializer$Snapshot",
                        "text-row-bucket io.tradeenrichment.types.RowBucketSerializer$Snapshot",
                        "id-page io.tradeenrichment.types.IdPageSerializer$Snapshot",
                        "page-name io.tradeenrichment.types.PageNameSerializer$Snapshot");
    }

    @Test
    void everyModelTypeHasALayoutHere() {
        assertThat(layouts().<Object>map(Layout::type))
                .containsAll(Arrays.stream(ModelTypes.class.getFields())
                        .filter(field -> field.getType() == TypeInformation.class)
                        .map(LayoutTest::valueOf)
                        .toList());
    }

    @Test
    void readsAnOlderLayoutWithItsOwnSerializer() throws Exception {
        TypeSerializerSnapshot<Posting> old = new Versioned();
        old.readSnapshot(1, new DataInputDeserializer(), getClass().getClassLoader());
        assertThat(new Versioned().resolveSchemaCompatibility(old).isCompatibleAfterMigration())
                .isTrue();
        assertThat(old.restoreSerializer()).isSameAs(Versioned.OLD);
        assertThat(new Versioned().restoreSerializer()).isSameAs(Versioned.NOW);
    }

    @Test
    void refusesANewerLayout() {
        assertThatThrownBy(() -> new Versioned()
                        .readSnapshot(3, new DataInputDeserializer(), getClass().getClassLoader()))
                .isInstanceOf(IOException.class)
                .hasMessage(Versioned.class.getName() + " knows the layouts 1 to 2, but the state has 3:"
                        + " it was written by a newer version of the job");
    }

    @Test
    void refusesAnOlderLayoutWithoutASerializer() throws Exception {
        TypeSerializerSnapshot<Posting> old = new WithoutOldSerializer();
        old.readSnapshot(1, new DataInputDeserializer(), getClass().getClassLoader());
        assertThatThrownBy(old::restoreSerializer)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(WithoutOldSerializer.class.getName() + " does not read layout 1 any more:"
                        + " the state was written by a version of the job that is too old");
    }

    @Test
    void theLayoutOfAnotherTypeIsIncompatible() {
        assertThat(new Versioned()
                        .resolveSchemaCompatibility(new PostingSerializer.Snapshot())
                        .isIncompatible())
                .isTrue();
    }

    @Test
    void shipsAHeaderWithAKeyOfAnyLength() throws IOException {
        String longKey = "ä".repeat(70_000);
        SourceRecord record =
                new SourceRecord(Feed.TRADES, 0, 0, 0, null, null, List.of(new Header(longKey, bytes("01"))));
        TypeSerializer<SourceRecord> serializer = SourceRecordSerializer.INSTANCE;
        SourceRecord back = serializer.deserialize(new DataInputDeserializer(written(serializer, record)));
        assertThat(back.headers().get(0).key()).isEqualTo(longKey);
    }

    /** Otherwise a trade would take twice the memory and twice the state. */
    @Test
    void aDeserializedTradeSharesTheBytesOfItsSourceRecord() throws IOException {
        Trade trade = trade(new Random(1), true);
        Trade back = TradeSerializer.INSTANCE.deserialize(
                new DataInputDeserializer(written(TradeSerializer.INSTANCE, trade)));
        assertThat(back.bytes()).isSameAs(back.source().value());
    }

    /** A serializer of layout 2 that reads layout 1. */
    public static final class Versioned extends LayoutSnapshot<Posting> {
        static final TypeSerializer<Posting> NOW = PostingSerializer.INSTANCE;
        static final TypeSerializer<Posting> OLD = new PostingSerializer();

        public Versioned() {
            super(2, () -> NOW);
        }

        @Override
        protected TypeSerializer<Posting> serializerOf(int layout) {
            return layout == 1 ? OLD : super.serializerOf(layout);
        }
    }

    /** A serializer of layout 2 that does not read layout 1. */
    public static final class WithoutOldSerializer extends LayoutSnapshot<Posting> {
        public WithoutOldSerializer() {
            super(2, () -> PostingSerializer.INSTANCE);
        }
    }

    private static <T> TypeSerializerSnapshot<T> readBack(TypeSerializerSnapshot<T> snapshot) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        TypeSerializerSnapshot.writeVersionedSnapshot(out, snapshot);
        return TypeSerializerSnapshot.readVersionedSnapshot(
                new DataInputDeserializer(out.getCopyOfBuffer()), LayoutTest.class.getClassLoader());
    }

    private static <T> byte[] written(TypeSerializer<T> serializer, T value) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(value, out);
        return out.getCopyOfBuffer();
    }

    private static SourceRecord record(Random random) {
        List<Header> headers = IntStream.range(0, random.nextInt(3))
                .mapToObj(i -> new Header(text(random), bytes(random)))
                .collect(Collectors.toCollection(ArrayList::new));
        return new SourceRecord(
                random.nextInt(4) == 0 ? new Feed(text(random)) : Feed.BUNDLED.get(random.nextInt(3)),
                random.nextInt(),
                random.nextLong(),
                random.nextLong(),
                bytes(random),
                bytes(random),
                headers);
    }

    private static Trade trade(Random random) {
        return trade(random, random.nextBoolean());
    }

    private static Trade trade(Random random, boolean inPlace) {
        SourceRecord record = record(random);
        if (record.value() == null) {
            return trade(random, inPlace);
        }
        byte[] datum = inPlace ? record.value() : present(random);
        int start = inPlace ? random.nextInt(datum.length + 1) : 0;
        long[] ids = new long[1 + random.nextInt(1 + Trade.MAX_DIMENSIONS)];
        byte[][] texts = random.nextBoolean() ? new byte[ids.length][] : null;
        int absent = 0;
        for (int i = 0; i < ids.length; i++) {
            if (i > 0 && random.nextInt(4) == 0) {
                absent |= 1 << (i - 1);
                continue;
            }
            ids[i] = random.nextLong();
            if (texts != null && (i == 0 || random.nextBoolean())) {
                texts[i] = present(random);
            }
        }
        return new Trade(record, datum, start, random.nextLong(), ids, texts, absent);
    }

    private static DimensionUpdate update(Random random) {
        return new DimensionUpdate(
                dimension(random),
                random.nextInt(4),
                random.nextInt(3) == 0 ? null : present(random),
                random.nextLong(),
                random.nextLong(),
                bytes(random),
                random.nextInt(),
                random.nextLong());
    }

    private static Dimension dimension(Random random) {
        return random.nextInt(4) == 0 ? new Dimension(text(random)) : Dimension.BUNDLED.get(random.nextInt(2));
    }

    private static DimensionEvent event(Random random) {
        return random.nextBoolean()
                ? update(random)
                : new ReadProgress(dimension(random), random.nextLong(), random.nextLong());
    }

    private static RejectedRecord rejection(Random random) {
        return new RejectedRecord(
                record(random), pick(Reason.values(), random), text(random).repeat(random.nextInt(200)));
    }

    private static IdPage idPage(Random random) {
        long id = random.nextInt();
        long time = random.nextInt();
        IdPage page = IdPage.of(id, time);
        for (int more = random.nextInt(20); more > 0; more--) {
            id += 1 + random.nextInt(1 << random.nextInt(30));
            time += random.nextInt(3) * random.nextInt(1_000_000);
            page = page.append(id, time);
        }
        return random.nextBoolean() ? page : page.below(1 + random.nextInt(3), random.nextLong());
    }

    private static RowBucket bucket(Random random) {
        RowBucket bucket = RowBucket.EMPTY;
        for (int i = random.nextInt(5); i > 0; i--) {
            DimensionUpdate update = update(random);
            bucket = bucket.with(update, pick(VersionOrder.values(), random));
        }
        return bucket;
    }

    private static byte @Nullable [] bytes(Random random) {
        return random.nextInt(4) == 0 ? null : present(random);
    }

    private static byte[] present(Random random) {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        return bytes;
    }

    private static String text(Random random) {
        return random.ints(random.nextInt(8), 0, 0x10FFFF)
                .filter(c -> c < Character.MIN_SURROGATE || c > Character.MAX_SURROGATE)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static <T> T pick(T[] values, Random random) {
        return values[random.nextInt(values.length)];
    }

    private static Object valueOf(Field field) {
        try {
            return field.get(null);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex);
    }

    private static String resource(String file) throws IOException {
        try (InputStream in = LayoutTest.class.getResourceAsStream(file)) {
            assertThat(in).as("the golden bytes " + file).isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII).replaceAll("\\s", "");
        }
    }
}
