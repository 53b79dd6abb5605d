package io.tradeenrichment.cli.preflight;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tradeenrichment.savepoint.Findings;
import io.tradeenrichment.savepoint.Savepoint;
import io.tradeenrichment.savepoint.SavepointCompatibility;
import io.tradeenrichment.savepoint.SavepointContents;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Prints the result of a preflight: one finding per line for people, and as the last line the whole as JSON. */
final class PreflightReport {
    private final PrintStream out;

    PreflightReport(PrintStream out) {
        this.out = out;
    }

    void print(Savepoint savepoint, SavepointCompatibility.Result result) {
        Findings findings = result.findings();
        SavepointContents contents = result.contents();
        out.println("Savepoint " + savepoint.path() + ", of checkpoint " + savepoint.checkpoint());
        if (contents != null) {
            contents.figures().forEach((name, value) -> out.printf("  %-24s %s%n", name, shown(value)));
        }
        findings.problems().forEach(sentence -> out.println("PROBLEM  " + sentence));
        findings.warnings().forEach(sentence -> out.println("Warning  " + sentence));
        out.println(findings.fits() ? "The savepoint fits this job." : "The savepoint does not fit this job.");
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("fits", findings.fits());
        line.put("problems", findings.problems());
        line.put("warnings", findings.warnings());
        line.put("contents", contents(savepoint, contents));
        out.println(json(line));
        out.flush();
    }

    /** Prints the differences between two savepoints. */
    void printDifferences(
            Savepoint savepoint, SavepointContents contents, Savepoint against, SavepointContents others) {
        out.println("Savepoint " + savepoint.path() + ", of checkpoint " + savepoint.checkpoint());
        out.println("compared with " + against.path() + ", of checkpoint " + against.checkpoint());
        Map<String, @Nullable Object> ours = lines(savepoint, contents);
        Map<String, @Nullable Object> theirs = lines(against, others);
        Map<String, Object> differences = new LinkedHashMap<>();
        Map<String, @Nullable Object> all = new LinkedHashMap<>(ours);
        theirs.forEach(all::putIfAbsent);
        for (String name : all.keySet()) {
            if (!Objects.equals(ours.get(name), theirs.get(name))) {
                Map<String, @Nullable Object> both = new LinkedHashMap<>();
                both.put("savepoint", ours.get(name));
                both.put("against", theirs.get(name));
                differences.put(name, both);
                out.printf("  %-40s %s, other: %s%n", name, shown(ours.get(name)), shown(theirs.get(name)));
            }
        }
        out.println(differences.isEmpty() ? "Both have the same contents." : "Everything else is equal.");
        Map<String, @Nullable Object> line = new LinkedHashMap<>();
        line.put("same", differences.isEmpty());
        line.put("differences", differences);
        line.put("savepoint", contents(savepoint, contents));
        line.put("against", contents(against, others));
        out.println(json(line));
        out.flush();
    }

    private static Map<String, @Nullable Object> lines(Savepoint savepoint, SavepointContents contents) {
        Map<String, @Nullable Object> lines = new LinkedHashMap<>();
        savepoint.parallelisms().forEach((uid, operator) -> lines.put("operator " + uid, operator));
        lines.putAll(contents.figures());
        return lines;
    }

    private static Map<String, @Nullable Object> contents(Savepoint savepoint, @Nullable SavepointContents contents) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("path", savepoint.path());
        all.put("checkpoint", savepoint.checkpoint());
        all.put("operators", savepoint.parallelisms());
        if (contents != null) {
            all.putAll(contents.figures());
        }
        return all;
    }

    private static String shown(@Nullable Object value) {
        return value == null ? "missing" : value.toString();
    }

    private static String json(Map<String, ?> line) {
        try {
            return new ObjectMapper().writeValueAsString(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the report cannot be written as JSON", e);
        }
    }
}
