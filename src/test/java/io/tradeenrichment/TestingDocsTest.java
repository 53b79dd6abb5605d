package io.tradeenrichment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The table of promises in docs/testing.md names at least one test for each, and only tests that exist. */
class TestingDocsTest {
    private static final Pattern TEST_NAME = Pattern.compile("`(\\w+(?:Test|IT))(?:\\.(\\w+))?`");
    private static final Map<String, String> SOURCES = new TreeMap<>();
    private static List<String> promises = List.of();

    @BeforeAll
    static void read() throws IOException {
        for (String folder : List.of("src/test/java", "src/it/java")) {
            try (Stream<Path> files = Files.walk(Path.of(folder))) {
                for (Path file : files.filter(file -> file.toString().matches(".*(Test|IT)\\.java"))
                        .toList()) {
                    SOURCES.put(file.getFileName().toString().replace(".java", ""), Files.readString(file));
                }
            }
        }
        String page = Files.readString(Path.of("docs", "testing.md"));
        String tables = page.substring(page.indexOf("## Promises"), page.indexOf("## How long"));
        promises = tables.lines()
                .filter(line -> line.startsWith("|"))
                .filter(line -> !line.startsWith("|---") && !line.startsWith("| promise |"))
                .toList();
    }

    @Test
    void everyPromiseHasATest() {
        assertThat(promises)
                .hasSizeGreaterThan(50)
                .allSatisfy(promise -> assertThat(namesIn(promise)).isNotEmpty());
    }

    @Test
    void everyNamedClassAndMethodExists() {
        assertThat(promises).allSatisfy(promise -> {
            for (MatchResult name : namesIn(promise)) {
                assertThat(SOURCES).containsKey(name.group(1));
                if (name.group(2) != null) {
                    assertThat(SOURCES.get(name.group(1))).contains(" void " + name.group(2) + "(");
                }
            }
        });
    }

    @Test
    void everyIntegrationTestIsNamed() {
        TreeSet<String> integrationTests = new TreeSet<>(SOURCES.keySet());
        integrationTests.removeIf(name -> !name.endsWith("IT"));
        TreeSet<String> named = new TreeSet<>();
        promises.forEach(promise -> namesIn(promise).forEach(name -> named.add(name.group(1))));
        assertThat(named).containsAll(integrationTests);
    }

    /** The tests in the last cell of a row. */
    private static List<MatchResult> namesIn(String promise) {
        String[] cells = promise.split("\\|");
        return TEST_NAME.matcher(cells[cells.length - 1]).results().toList();
    }
}
