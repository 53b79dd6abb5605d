package io.tradeenrichment.savepoint;

import java.util.ArrayList;
import java.util.List;

/** What was found, a sentence each. A problem keeps the job from being started; a warning is for someone to know. */
final class Findings {
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    void problem(String sentence) {
        problems.add(sentence);
    }

    void warning(String sentence) {
        warnings.add(sentence);
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }

    boolean fits() {
        return problems.isEmpty();
    }
}
