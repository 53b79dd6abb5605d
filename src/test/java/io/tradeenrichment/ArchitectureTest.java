package io.tradeenrichment;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rooms of the house, and which doors are between them. */
class ArchitectureTest {
    private static final String ROOT = "io.tradeenrichment";
    private static final String ANNOTATIONS = "org.jspecify..";
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    /** A room and all that it may know. */
    record Room(String name, List<String> knows) {
        private static Room of(String name, String... knows) {
            List<String> all = new ArrayList<>(List.of(knows));
            all.addAll(List.of("java..", room(name), ANNOTATIONS));
            return new Room(name, all);
        }

        /** What it cannot do without; itself and annotations are every room's. */
        List<String> needs() {
            return knows.subList(0, knows.size() - 2);
        }

        ArchRule rule() {
            return classes()
                    .that()
                    .resideInAPackage(room(name))
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(knows.toArray(String[]::new))
                    .allowEmptyShould(false);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Room> rooms() {
        return Stream.of(
                Room.of("model"),
                Room.of("state", room("model")),
                Room.of("codec", room("model"), "org.apache.avro.."),
                Room.of("market", room("model"), room("codec")),
                Room.of("types", room("model"), room("state"), "org.apache.flink.."),
                Room.of("ledger", room("model"), room("state"), room("types"), "org.apache.flink.."),
                Room.of("settings", "org.apache.flink.configuration..", "org.apache.flink.util..", "org.snakeyaml.."),
                Room.of("config", room("model"), room("codec"), room("settings"), "org.apache.flink.configuration.."),
                Room.of("decode", room("model"), room("codec"), room("types"), room("ledger"), "org.apache.flink.."),
                Room.of(
                        "join",
                        room("model"),
                        room("codec"),
                        room("state"),
                        room("types"),
                        room("ledger"),
                        room("config"),
                        "org.apache.flink..",
                        "org.slf4j.."),
                Room.of(
                        "kafka",
                        room("model"),
                        room("types"),
                        room("config"),
                        room("settings"),
                        "org.apache.flink..",
                        "org.apache.kafka..",
                        "org.slf4j.."),
                Room.of(
                        "registry",
                        room("model"),
                        room("codec"),
                        room("config"),
                        room("settings"),
                        "org.apache.avro..",
                        "org.apache.flink.configuration..",
                        "com.fasterxml.jackson..",
                        "org.slf4j..",
                        "javax.net.ssl.."),
                Room.of(
                        "savepoint",
                        room("model"),
                        room("ledger"),
                        room("config"),
                        room("settings"),
                        room("join"),
                        room("kafka"),
                        "org.apache.flink..",
                        "com.fasterxml.jackson..",
                        "org.rocksdb.."),
                Room.of(
                        "operations",
                        room("model"),
                        room("settings"),
                        "org.apache.flink.configuration..",
                        "com.fasterxml.jackson.."),
                Room.of("cli.preflight", room("savepoint"), room("settings"), "org.apache.flink.configuration.."),
                Room.of(
                        "cli.embedded",
                        room("model"),
                        room("codec"),
                        room("types"),
                        room("config"),
                        room("settings"),
                        room("market"),
                        "org.apache.flink..",
                        "org.apache.avro..",
                        "com.fasterxml.jackson.."),
                Room.of(
                        "cli.tools",
                        room("model"),
                        room("codec"),
                        room("config"),
                        room("settings"),
                        room("kafka"),
                        room("market"),
                        room("registry"),
                        "org.apache.flink.configuration..",
                        "org.apache.kafka..",
                        "org.apache.avro..",
                        "com.fasterxml.jackson.."));
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomKnowsOnlyWhatItMay(Room room) {
        room.rule().check(MAIN);
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomMayKnowNothingThatItDoesNotNeed(Room room) {
        for (String needed : room.needs()) {
            List<String> less = new ArrayList<>(room.knows());
            less.remove(needed);
            assertThat(new Room(room.name(), less).rule().evaluate(MAIN).hasViolation())
                    .as(room + " without " + needed)
                    .isTrue();
        }
    }

    @Test
    void theStagesOfTheFlowNeverSeeEachOther() {
        List<String> stages = List.of("decode", "join", "kafka", "registry");
        for (String stage : stages) {
            String[] others = stages.stream()
                    .filter(other -> !other.equals(stage))
                    .map(ArchitectureTest::room)
                    .toArray(String[]::new);
            noClasses()
                    .that()
                    .resideInAPackage(room(stage))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(others)
                    .allowEmptyShould(false)
                    .check(MAIN);
        }
    }

    @Test
    void settingsKnowNothingOfWhatIsSet() {
        noClasses()
                .that()
                .resideInAPackage(room("config"))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        room("decode"),
                        room("join"),
                        room("cli.embedded"),
                        room("market"),
                        room("cli"),
                        room("operations"),
                        room("savepoint"),
                        room("kafka"),
                        room("registry"))
                .allowEmptyShould(false)
                .check(MAIN);
    }

    @Test
    void onlyTheHallAndTheEmbeddedRunSeeTheTopology() {
        noClasses()
                .that(not(resideInAPackage(ROOT)).and(not(resideInAPackage(room("cli.embedded")))))
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName(Topology.class.getName())
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName(Operator.class.getName())
                .allowEmptyShould(false)
                .check(MAIN);
    }

    @Test
    void roomsDoNotGoInCircles() {
        slices().matching(ROOT + ".(*)..")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(false)
                .check(MAIN);
    }

    @Test
    void nothingIsSerializedWithoutAWrittenLayout() {
        ArchRule rule = noClasses()
                .should()
                .dependOnClassesThat(assignableTo(ObjectOutputStream.class)
                        .or(assignableTo(ObjectInputStream.class))
                        .or(resideInAnyPackage("com.esotericsoftware..", "..kryo.."))
                        .or(simpleName("GenericTypeInfo")))
                .allowEmptyShould(false);
        rule.check(MAIN);
        assertThatThrownBy(() -> rule.check(new ClassFileImporter().importClasses(WithJavaSerialization.class)))
                .isInstanceOf(AssertionError.class);
    }

    /**
     * Codes are written down; the order of declaration is nobody's promise. Looked for in the sources: in class files, a
     * switch asks for it too.
     */
    @Test
    void noCodeGoesByTheOrderInWhichAnEnumIsDeclared() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            assertThat(sources)
                    .hasSizeGreaterThan(10)
                    .allSatisfy(source -> assertThat(source).content().doesNotContain(".ordinal()"));
        }
    }

    private static String room(String name) {
        return ROOT + "." + name + "..";
    }

    private static final class WithJavaSerialization {
        ObjectOutputStream out;
    }
}
