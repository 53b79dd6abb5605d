package io.tradeenrichment.registry;

import java.io.Serializable;

/**
 * A subject in a context (Confluent's schema contexts). Each context of a registry has ids and subjects of its own:
 * {@code :.trading:trades-value} is the subject {@code trades-value} in the context {@code .trading}.
 *
 * @param name with the context, unless it is the default context
 */
record Subject(String name) implements Serializable {
    private static final String DEFAULT_CONTEXT = ".";
    private static final String CONTEXT_PREFIX = ":.";
    private static final String EVERY_CONTEXT = ":*:";

    /** The context's name with its dot; a single dot is the default context. */
    String context() {
        if (!name.startsWith(CONTEXT_PREFIX)) {
            return DEFAULT_CONTEXT;
        }
        int end = name.indexOf(':', 1);
        return name.substring(1, end < 0 ? name.length() : end);
    }

    boolean isInDefaultContext() {
        return context().equals(DEFAULT_CONTEXT);
    }

    /** False for a context alone, and for a subject in all contexts. */
    boolean isSingle() {
        if (name.startsWith(EVERY_CONTEXT)) {
            return false;
        }
        return !name.startsWith(CONTEXT_PREFIX) || (name.indexOf(':', 1) > 0 && !name.endsWith(":"));
    }

    /** The subject to which a schema under this subject refers: in the same context, unless the name has another. */
    Subject resolve(String other) {
        return isInDefaultContext() || other.startsWith(CONTEXT_PREFIX)
                ? new Subject(other)
                : new Subject(":" + context() + ":" + other);
    }

    /** The rest of a sentence about an id or a subject. */
    String inContext() {
        return isInDefaultContext() ? "" : " in the context " + context();
    }

    @Override
    public String toString() {
        return name;
    }
}
