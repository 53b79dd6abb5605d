package io.tradeenrichment.savepoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The findings of a check, one sentence each. A problem prevents the start of the job, a warning does not. The same
 * finding about several operators is one sentence that names all of them.
 */
public final class Findings {
    /** The operators of each finding; empty for a finding about the whole savepoint. */
    private final Map<String, List<String>> problems = new LinkedHashMap<>();

    private final Map<String, List<String>> warnings = new LinkedHashMap<>();

    void problem(String sentence) {
        problems.putIfAbsent(sentence, List.of());
    }

    void problem(String operator, String finding) {
        problems.computeIfAbsent(finding, any -> new ArrayList<>()).add(operator);
    }

    void warning(String sentence) {
        warnings.putIfAbsent(sentence, List.of());
    }

    void warning(String operator, String finding) {
        warnings.computeIfAbsent(finding, any -> new ArrayList<>()).add(operator);
    }

    public List<String> problems() {
        return sentences(problems);
    }

    public List<String> warnings() {
        return sentences(warnings);
    }

    public boolean fits() {
        return problems.isEmpty();
    }

    private static List<String> sentences(Map<String, List<String>> findings) {
        List<String> sentences = new ArrayList<>();
        findings.forEach((finding, operators) ->
                sentences.add(operators.isEmpty() ? finding : String.join(", ", operators) + ": " + finding));
        return sentences;
    }
}
