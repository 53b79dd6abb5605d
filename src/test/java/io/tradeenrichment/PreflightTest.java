package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tradeenrichment.cli.preflight.PreflightCommand;
import io.tradeenrichment.config.KeyBy;
import io.tradeenrichment.join.SavedJoin;
import io.tradeenrichment.ledger.Ledger;
import io.tradeenrichment.model.Account;
import io.tradeenrichment.model.Dimension;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointType;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.SavepointType;
import org.apache.flink.runtime.checkpoint.SnapshotType;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.OperatorStreamStateHandle;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.filesystem.FileStateHandle;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.memory.ByteStreamStateHandle;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the command on savepoints that {@link SavedJob} writes. */
class PreflightTest {
    private static final SnapshotType CANONICAL = SavepointType.savepoint(SavepointFormatType.CANONICAL);
    private static final SnapshotType NATIVE = SavepointType.savepoint(SavepointFormatType.NATIVE);

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    static Stream<Arguments> forms() {
        return Stream.of(
                Arguments.of("heap", CANONICAL),
                Arguments.of("heap", NATIVE),
                Arguments.of("rocksdb", CANONICAL),
                Arguments.of("rocksdb", NATIVE),
                Arguments.of("rocksdb", CheckpointType.CHECKPOINT));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void acceptsASavepointOfTheJobAndCountsItsContents(String backend, SnapshotType type) throws Exception {
        String savepoint = job(backend, type).writeTo(folder);

        assertThat(preflight(savepoint)).as("exit code").isZero();

        JsonNode line = lastLine();
        assertThat(line.get("fits").asBoolean()).isTrue();
        assertThat(line.get("problems")).isEmpty();
        assertThat(line.get("warnings")).isEmpty();
        assertThat(figures(line.get("contents")))
                .containsAllEntriesOf(Map.of(
                        "checkpoint", "41",
                        "instruments_rows", "2",
                        "instruments_deletions", "1",
                        "users_rows", "1",
                        "generation", "1",
                        "key_by", "instrument_id",
                        "parked_trades", "2",
                        "seen_ids", "4"))
                .containsAllEntriesOf(Map.of(
                        "trades_in", "5", "enriched", "2", "duplicates", "1", "parked", "2", "unaccounted", "0"));
    }

    @Test
    void rejectsStateOfAnOperatorThatTheJobDoesNotHave() throws Exception {
        String savepoint = job().withOperator("Audit", "audit-1").writeTo(folder);

        assertThat(preflight(savepoint)).as("exit code").isOne();
        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("Audit (audit-1): the savepoint has its state")
                .contains("start a build that has the operator");
        assertThat(preflight(savepoint, "--preflight.allow-non-restored-state", "true"))
                .as("exit code, with the flag")
                .isOne();
    }

    @Test
    void allowsDroppingTheSourcesOfAFormerLoadOnlyWithTheFlag() throws Exception {
        String savepoint = job().with(Operator.TRADE_JOIN.uid(), SavedJoin.ofGeneration(0))
                .without(Operator.source(Dimension.USER))
                .withOperator("Users", "users-0")
                .writeTo(folder);

        assertThat(preflight(savepoint)).as("exit code").isOne();
        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("Users (users-0): this build loads all rows again")
                .contains("--allowNonRestoredState");
        assertThat(preflight(savepoint, "--preflight.allow-non-restored-state", "true"))
                .as("exit code, with the flag")
                .isZero();
        assertThat(texts("warnings"))
                .anyMatch(sentence -> sentence.startsWith("The job loads the rows of all dimensions again"));
    }

    @Test
    void rejectsASavepointWithoutTheStateOfTheJoin() throws Exception {
        String savepoint = job().without(Operator.TRADE_JOIN).writeTo(folder);

        assertThat(preflight(savepoint)).as("exit code").isOne();
        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("Join trades with instruments and users (trade-join): the savepoint has no state of it")
                .contains("as if the job were started for the first time");
    }

    @Test
    void warnsOfANewOperator() throws Exception {
        String savepoint = job().without(Operator.decoder(Dimension.USER)).writeTo(folder);

        assertThat(preflight(savepoint)).as("exit code").isZero();
        assertThat(texts("warnings"))
                .containsExactly("Decode users (decode-users): the savepoint has no state of it; it starts empty.");
    }

    @Test
    void rejectsStateOfAnotherSerializer() throws Exception {
        String savepoint = job().with(
                        Operator.DECODE_TRADES.uid(),
                        SavedJob.operatorState(
                                store -> store.getListState(new ListStateDescriptor<>("ledger", Types.STRING))
                                        .add("five")))
                .writeTo(folder);

        assertThat(preflight(savepoint)).as("exit code").isOne();
        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("Decode trades (decode-trades): its state 'ledger' was written by"
                        + " StringSerializer.StringSerializerSnapshot, which this job cannot read as"
                        + " PostingSerializer.Snapshot");
    }

    @Test
    void rejectsStateOfANewerBuild() throws Exception {
        OperatorSubtaskState ledger = SavedJob.operatorState(store -> new Ledger(store, Account.TRADES_IN).snapshot());
        OperatorStateHandle handle = ledger.getManagedOperatorState().iterator().next();
        byte[] bytes = handle.getDelegateStateHandle().asBytesIfInMemory().orElseThrow();
        String name = "PostingSerializer$Snapshot";
        int version = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(name) + name.length();
        bytes[version + Integer.BYTES - 1] = 9;
        String savepoint = job().with(
                        Operator.DECODE_TRADES.uid(),
                        SavedJob.withOperatorState(new OperatorStreamStateHandle(
                                handle.getStateNameToPartitionOffsets(), new ByteStreamStateHandle("newer", bytes))))
                .writeTo(folder);

        assertThat(preflight(savepoint)).as("exit code").isOne();
        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("Decode trades (decode-trades): this build does not know the layout of its state")
                .contains("but the state has 9");
    }

    @Test
    void rejectsAnotherKeyOfTheTrades() throws Exception {
        String savepoint = job().writeTo(folder);

        assertThat(preflight(savepoint, "--trades.key-by", "trade_id"))
                .as("exit code")
                .isOne();
        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("trades.key-by is trade_id, but the savepoint's trades are keyed by instrument_id")
                .contains("4 trade ids and 2 parked trades");
    }

    @Test
    void acceptsTradesKeyedByTradeIdOnlyForTheSameKey() throws Exception {
        OperatorSubtaskState join = SavedJoin.keyedBy(KeyBy.TRADE_ID, new HashMapStateBackend(), CANONICAL);
        String savepoint = new SavedJob(join).writeTo(folder);

        assertThat(preflight(savepoint, "--trades.key-by", "trade_id"))
                .as("exit code")
                .isZero();
        assertThat(preflight(savepoint)).as("exit code by instrument").isOne();
        assertThat(problems())
                .singleElement()
                .asString()
                .startsWith("trades.key-by is instrument_id, but the savepoint's trades are keyed by trade_id");
    }

    @Test
    void rejectsAnotherMaxParallelism() throws Exception {
        String savepoint = job().writeTo(folder);

        assertThat(preflight(savepoint, "--preflight.max-parallelism", "16"))
                .as("exit code")
                .isOne();
        assertThat(problems())
                .singleElement()
                .asString()
                .contains("Join trades with instruments and users (trade-join), ")
                .contains(": the job would start it with the max parallelism 16, but its state was saved with 8");
        assertThat(preflight(savepoint, "--preflight.max-parallelism", "8"))
                .as("exit code with the savepoint's own")
                .isZero();
    }

    @Test
    void rejectsAParallelismAboveTheMaximum() throws Exception {
        String savepoint = job().writeTo(folder);

        assertThat(preflight(savepoint, "--preflight.parallelism", "8")).isZero();
        assertThat(preflight(savepoint, "--preflight.parallelism", "9"))
                .as("exit code")
                .isOne();
        assertThat(problems())
                .singleElement()
                .asString()
                .contains("Join trades with instruments and users (trade-join), ")
                .contains(": the parallelism 9 is above the max parallelism 8")
                .doesNotContain("Decode users");
    }

    @Test
    void warnsOfAnotherTopic() throws Exception {
        String savepoint = job().with(Operator.TRADES.uid(), SavedJob.readUpTo("trades", 3, 42))
                .writeTo(folder);

        assertThat(preflight(savepoint)).as("exit code").isZero();
        assertThat(lastLine()
                        .get("contents")
                        .get("positions")
                        .get("trades")
                        .get("3")
                        .asLong())
                .isEqualTo(42);
        assertThat(texts("warnings")).isEmpty();
        assertThat(preflight(savepoint, "--kafka.topics.trades", "other"))
                .as("exit code of another topic")
                .isZero();
        assertThat(texts("warnings"))
                .singleElement()
                .asString()
                .startsWith(
                        "A source of the savepoint reads the topic trades, which is not one of [instruments, other, users]");
    }

    @Test
    void warnsOfTotalsThatDoNotAddUp() throws Exception {
        String savepoint = job().with(
                        Operator.DECODE_TRADES.uid(),
                        SavedJob.operatorState(store -> new Ledger(store, Account.TRADES_IN).snapshot()))
                .writeTo(folder);

        assertThat(preflight(savepoint)).as("exit code").isZero();
        assertThat(texts("warnings")).singleElement().asString().startsWith("The totals do not add up: -5 of 0 trades");
    }

    @Test
    void returnsAnotherExitCodeIfThereIsNoSavepoint() throws Exception {
        Files.writeString(folder.resolve("_metadata"), "not a savepoint");

        assertThat(preflight(folder.toString())).as("other content").isEqualTo(2);
        assertThat(preflight(folder.resolve("nowhere").toString()))
                .as("nothing")
                .isEqualTo(2);
        assertThat(preflight(Files.createDirectory(folder.resolve("empty")).toString()))
                .as("an empty folder")
                .isEqualTo(2);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void rejectsASavepointWithMissingOrTruncatedFiles() throws Exception {
        OperatorSubtaskState join = SavedJoin.keyedBy(KeyBy.INSTRUMENT_ID, new HashMapStateBackend(), CANONICAL);
        OperatorStateHandle handle = join.getManagedOperatorState().iterator().next();
        byte[] bytes = handle.getDelegateStateHandle().asBytesIfInMemory().orElseThrow();
        Path file = Files.write(folder.resolve("state"), bytes);
        var uri = new org.apache.flink.core.fs.Path(file.toUri());
        String savepoint = new SavedJob(join.toBuilder()
                        .setManagedOperatorState(new OperatorStreamStateHandle(
                                handle.getStateNameToPartitionOffsets(), new FileStateHandle(uri, bytes.length)))
                        .build())
                .writeTo(folder);

        assertThat(preflight(savepoint)).as("whole").isZero();
        Files.write(file, List.of("cut short"));
        assertThat(preflight(savepoint)).as("cut short").isEqualTo(2);
        Files.delete(file);
        assertThat(preflight(savepoint)).as("deleted").isEqualTo(2);
    }

    @Test
    void aSettingThatIsMissingIsMisuse() throws Exception {
        assertThat(PreflightCommand.command(new PrintStream(out)).run("--preflight.parallelism", "2"))
                .isEqualTo(2);
    }

    @Test
    void comparesTwoSavepoints() throws Exception {
        String one = job().writeTo(folder.resolve("1"));
        OperatorSubtaskState join = SavedJoin.keyedBy(KeyBy.TRADE_ID, new EmbeddedRocksDBStateBackend(true), NATIVE);
        String other =
                new SavedJob(join).without(Operator.decoder(Dimension.USER)).writeTo(folder.resolve("2"));

        assertThat(command("--preflight.savepoint", one, "--preflight.against", other))
                .isZero();

        JsonNode line = lastLine();
        assertThat(line.get("same").asBoolean()).isFalse();
        List<String> different = new ArrayList<>();
        line.get("differences").fieldNames().forEachRemaining(different::add);
        assertThat(different)
                .containsExactlyInAnyOrder("operator decode-users", "key_by", "parked_trades", "enriched", "parked");
        assertThat(line.get("differences").get("parked_trades").get("savepoint").asInt())
                .isEqualTo(2);
        assertThat(line.get("differences").get("parked_trades").get("against").asInt())
                .isEqualTo(1);
        assertThat(command("--preflight.savepoint", one, "--preflight.against", one))
                .isZero();
        assertThat(lastLine().get("same").asBoolean()).isTrue();
    }

    private static SavedJob job() throws Exception {
        return job("heap", CANONICAL);
    }

    private static SavedJob job(String backend, SnapshotType type) throws Exception {
        StateBackend of = backend.equals("heap") ? new HashMapStateBackend() : new EmbeddedRocksDBStateBackend(true);
        return new SavedJob(SavedJoin.keyedBy(KeyBy.INSTRUMENT_ID, of, type));
    }

    private int preflight(String savepoint, String... more) throws Exception {
        List<String> args = new ArrayList<>(List.of("--preflight.savepoint", savepoint));
        SavedJob.SETTINGS.forEach((key, value) -> args.addAll(List.of("--" + key, value)));
        args.addAll(List.of(more));
        return command(args.toArray(String[]::new));
    }

    /** Returns the exit code. */
    private int command(String... args) throws Exception {
        out.reset();
        return PreflightCommand.command(new PrintStream(out, true, StandardCharsets.UTF_8))
                .run(args);
    }

    private JsonNode lastLine() throws Exception {
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        return new ObjectMapper().readTree(lines.get(lines.size() - 1));
    }

    private List<String> problems() throws Exception {
        return texts("problems");
    }

    private List<String> texts(String name) throws Exception {
        List<String> texts = new ArrayList<>();
        lastLine().get(name).forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static Map<String, String> figures(JsonNode contents) {
        Map<String, String> figures = new TreeMap<>();
        contents.fields()
                .forEachRemaining(
                        figure -> figures.put(figure.getKey(), figure.getValue().asText()));
        return figures;
    }
}
