package io.tradeenrichment;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClass;
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
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The packages and their dependencies, as docs/architecture.md lists them. */
class ArchitectureTest {
    private static final String ROOT = "io.tradeenrichment";
    private static final List<String> EVERYWHERE = List.of("java..", "org.jspecify..");
    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    /**
     * The dependencies that a package may have.
     *
     * @param own packages of this project, without the root
     * @param libraries package patterns
     */
    record Rule(String name, List<String> own, List<String> libraries) {

        private static Rule of(String name, String... own) {
            return new Rule(name, List.of(own), List.of());
        }

        private Rule and(String... more) {
            return new Rule(name, own, List.of(more));
        }

        List<String> allowed() {
            return Stream.concat(own.stream().map(ArchitectureTest::named), libraries.stream())
                    .toList();
        }

        ArchRule allowing(List<String> dependencies) {
            List<String> all = new ArrayList<>(dependencies);
            all.addAll(EVERYWHERE);
            all.add(named(name));
            return classes()
                    .that()
                    .resideInAPackage(named(name))
                    .should()
                    .onlyDependOnClassesThat()
                    .resideInAnyPackage(all.toArray(String[]::new))
                    .allowEmptyShould(false);
        }

        @Override
        public String toString() {
            return name.isEmpty() ? "(root)" : name;
        }
    }

    static Stream<Rule> rules() {
        return Stream.of(
                Rule.of("model"),
                Rule.of("codec.binary", "model").and("org.apache.avro.."),
                Rule.of("codec.schema", "model", "codec.binary").and("org.apache.avro.."),
                Rule.of("codec.unit", "codec.binary").and("org.apache.avro.."),
                Rule.of("codec.resolution", "model", "codec.binary", "codec.unit")
                        .and("org.apache.avro.."),
                Rule.of("codec.layout", "model", "codec.schema", "codec.unit").and("org.apache.avro.."),
                Rule.of("codec.key", "model", "codec.binary", "codec.layout", "codec.schema", "codec.unit")
                        .and("org.apache.avro.."),
                Rule.of("codec.walk", "model", "codec.binary", "codec.unit").and("org.apache.avro.."),
                Rule.of(
                                "codec",
                                "model",
                                "codec.binary",
                                "codec.key",
                                "codec.layout",
                                "codec.resolution",
                                "codec.schema",
                                "codec.unit",
                                "codec.walk")
                        .and("org.apache.avro.."),
                Rule.of("state", "model", "codec.binary"),
                Rule.of("types", "model", "codec.binary", "state").and("org.apache.flink.."),
                Rule.of("ledger", "model", "state", "types").and("org.apache.flink.."),
                Rule.of("settings")
                        .and("org.apache.flink.configuration..", "org.apache.flink.util..", "org.snakeyaml.."),
                Rule.of("config", "model", "codec.key", "codec.schema", "settings")
                        .and("org.apache.flink.configuration.."),
                Rule.of("decode", "model", "codec", "codec.binary", "codec.key", "codec.schema", "types", "ledger")
                        .and("org.apache.flink.."),
                Rule.of(
                                "join",
                                "model",
                                "codec",
                                "codec.binary",
                                "codec.layout",
                                "codec.schema",
                                "config",
                                "ledger",
                                "state",
                                "types")
                        .and("org.apache.flink..", "org.slf4j.."),
                Rule.of("kafka.client", "model", "config", "settings").and("org.apache.flink..", "org.apache.kafka.."),
                Rule.of("kafka.source", "model", "types", "settings", "kafka.client")
                        .and("org.apache.flink..", "org.apache.kafka..", "org.slf4j.."),
                Rule.of("kafka.sink", "model", "kafka.client")
                        .and("org.apache.flink..", "org.apache.kafka..", "org.slf4j.."),
                Rule.of("kafka.check", "config", "settings", "kafka.client", "kafka.sink")
                        .and("org.apache.flink..", "org.apache.kafka.."),
                Rule.of(
                                "registry",
                                "model",
                                "codec",
                                "codec.binary",
                                "codec.key",
                                "codec.layout",
                                "codec.resolution",
                                "codec.schema",
                                "config",
                                "settings")
                        .and(
                                "org.apache.flink.configuration..",
                                "org.apache.avro..",
                                "com.fasterxml.jackson..",
                                "org.slf4j..",
                                "javax.net.ssl.."),
                Rule.of("market", "model", "codec.binary", "codec.key", "codec.layout", "codec.schema", "codec.unit")
                        .and("org.apache.avro.."),
                Rule.of("savepoint", "model", "config", "settings", "ledger", "join")
                        .and("org.apache.avro..", "org.apache.flink..", "org.rocksdb.."),
                Rule.of(
                                "",
                                "model",
                                "codec",
                                "codec.layout",
                                "codec.schema",
                                "types",
                                "config",
                                "settings",
                                "decode",
                                "join",
                                "kafka.client",
                                "kafka.source",
                                "kafka.sink",
                                "kafka.check",
                                "registry")
                        .and("org.apache.flink.."),
                Rule.of("cli.terminal"),
                Rule.of(
                                "cli.preflight",
                                "",
                                "model",
                                "codec.layout",
                                "config",
                                "settings",
                                "kafka.client",
                                "registry",
                                "savepoint")
                        .and("org.apache.flink..", "com.fasterxml.jackson.."),
                Rule.of(
                                "cli.embedded",
                                "",
                                "model",
                                "codec",
                                "codec.key",
                                "codec.layout",
                                "codec.schema",
                                "types",
                                "config",
                                "settings",
                                "kafka.client",
                                "registry",
                                "market",
                                "cli.terminal")
                        .and("org.apache.flink..", "org.apache.avro..", "com.fasterxml.jackson.."),
                Rule.of(
                                "cli.tools",
                                "model",
                                "codec",
                                "codec.binary",
                                "codec.key",
                                "codec.layout",
                                "codec.schema",
                                "config",
                                "settings",
                                "kafka.client",
                                "kafka.sink",
                                "registry",
                                "market",
                                "cli.terminal")
                        .and(
                                "org.apache.flink.configuration..",
                                "org.apache.kafka..",
                                "org.apache.avro..",
                                "com.fasterxml.jackson.."),
                Rule.of("cli.deploy", "settings", "cli.terminal").and("org.apache.flink..", "com.fasterxml.jackson.."),
                Rule.of("cli", "", "settings", "cli.deploy", "cli.embedded", "cli.preflight", "cli.tools"));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aPackageDependsOnlyOnWhatItsRuleAllows(Rule rule) {
        rule.allowing(rule.allowed()).check(MAIN);
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aRuleAllowsNothingThatThePackageDoesNotUse(Rule rule) {
        for (String dependency : rule.allowed()) {
            List<String> less = new ArrayList<>(rule.allowed());
            less.remove(dependency);
            assertThat(rule.allowing(less).evaluate(MAIN).hasViolation())
                    .as(rule + " without " + dependency)
                    .isTrue();
        }
    }

    @Test
    void everyPackageHasARule() {
        Set<String> packages = MAIN.stream().map(JavaClass::getPackageName).collect(Collectors.toSet());
        assertThat(rules().map(rule -> named(rule.name()))).containsExactlyInAnyOrderElementsOf(packages);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(MAIN);
    }

    @Test
    void theStagesOfTheFlowDoNotDependOnEachOther() {
        List<String> stages = List.of("decode", "join", "kafka.source", "kafka.sink", "registry");
        for (String stage : stages) {
            noClasses()
                    .that()
                    .resideInAPackage(named(stage))
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(stages.stream()
                            .filter(other -> !other.equals(stage))
                            .map(ArchitectureTest::named)
                            .toArray(String[]::new))
                    .allowEmptyShould(false)
                    .check(MAIN);
        }
    }

    @Test
    void nothingIsSerializedWithoutADocumentedLayout() {
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

    /** Codes are written, never ordinals. This reads the sources, because in class files a switch uses ordinals too. */
    @Test
    void noCodeUsesTheOrdinalOfAnEnum() throws IOException {
        try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
            List<Path> sources =
                    files.filter(file -> file.toString().endsWith(".java")).toList();
            assertThat(sources)
                    .hasSizeGreaterThan(10)
                    .allSatisfy(source -> assertThat(source).content().doesNotContain(".ordinal()"));
        }
    }

    /** Exactly this package, without its sub-packages. */
    private static String named(String name) {
        return name.isEmpty() ? ROOT : ROOT + "." + name;
    }

    private static final class WithJavaSerialization {
        ObjectOutputStream out;
    }
}
