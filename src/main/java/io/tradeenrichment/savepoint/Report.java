package io.tradeenrichment.savepoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.jspecify.annotations.Nullable;

/** Tells people what was found, a sentence a line, and programs the same in one line of JSON, the last. */
public final class Report {
    private final PrintStream out;

    public Report(PrintStream out) {
        this.out = out;
    }

    public void of(Savepoint savepoint, SavepointCompatibility.Verdict verdict) {
        Findings findings = verdict.findings();
        SavepointContents contents = verdict.contents();
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

    /** What differs between two savepoints, line by line; equal lines are left out. */
    public void of(Savepoint savepoint, SavepointContents contents, Savepoint against, SavepointContents others) {
        out.println("Savepoint " + savepoint.path() + ", of checkpoint " + savepoint.checkpoint());
        out.println("against   " + against.path() + ", of checkpoint " + against.checkpoint());
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
                out.printf("  %-40s %s, against %s%n", name, shown(ours.get(name)), shown(theirs.get(name)));
            }
        }
        out.println(differences.isEmpty() ? "They hold the same." : "All else is the same.");
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
        operators(savepoint).forEach((uid, operator) -> lines.put("operator " + uid, operator));
        lines.putAll(contents.figures());
        return lines;
    }

    private static Map<String, @Nullable Object> contents(Savepoint savepoint, @Nullable SavepointContents contents) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("path", savepoint.path());
        all.put("checkpoint", savepoint.checkpoint());
        all.put("operators", operators(savepoint));
        if (contents != null) {
            all.putAll(contents.figures());
        }
        return all;
    }

    private static Map<String, Map<String, Integer>> operators(Savepoint savepoint) {
        Map<String, Map<String, Integer>> operators = new TreeMap<>();
        for (OperatorState state : savepoint.operators()) {
            Map<String, Integer> operator = new LinkedHashMap<>();
            operator.put("parallelism", state.getParallelism());
            operator.put("max_parallelism", state.getMaxParallelism());
            operators.put(Savepoint.uidOf(state), operator);
        }
        return operators;
    }

    private static String shown(@Nullable Object value) {
        return value == null ? "not there" : value.toString();
    }

    private static String json(Map<String, ?> line) {
        try {
            return new ObjectMapper().writeValueAsString(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts, numbers and maps cannot be written as JSON", e);
        }
    }
}
