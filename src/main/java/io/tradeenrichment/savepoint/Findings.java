package io.tradeenrichment.savepoint;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What was found, a sentence each. A problem keeps the job from being started; a warning is for someone to know. What is
 * the same of several operators is one sentence that names them all.
 */
public final class Findings {
    /** The operators of which each is said; none if it is said of the whole. */
    private final Map<String, List<String>> problems = new LinkedHashMap<>();

    private final Map<String, List<String>> warnings = new LinkedHashMap<>();

    void problem(String sentence) {
        problems.putIfAbsent(sentence, List.of());
    }

    void problem(String operator, String said) {
        problems.computeIfAbsent(said, any -> new ArrayList<>()).add(operator);
    }

    void warning(String sentence) {
        warnings.putIfAbsent(sentence, List.of());
    }

    void warning(String operator, String said) {
        warnings.computeIfAbsent(said, any -> new ArrayList<>()).add(operator);
    }

    public List<String> problems() {
        return sentences(problems);
    }

    List<String> warnings() {
        return sentences(warnings);
    }

    public boolean fits() {
        return problems.isEmpty();
    }

    private static List<String> sentences(Map<String, List<String>> findings) {
        List<String> sentences = new ArrayList<>();
        findings.forEach((said, of) -> sentences.add(of.isEmpty() ? said : String.join(", ", of) + ": " + said));
        return sentences;
    }
}
