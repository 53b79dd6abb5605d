package io.tradeenrichment.registry;

import java.io.Serializable;

/**
 * A subject and the context that it is in (Confluent's schema contexts). Within one registry each context has ids and
 * subjects of its own: {@code :.trading:trades-value} is the subject {@code trades-value} in the context {@code .trading}.
 *
 * @param name as the registry is asked for it, with its context unless that is the default one
 */
record Subject(String name) implements Serializable {
    private static final String DEFAULT_CONTEXT = ".";
    private static final String BEGINNING = ":.";
    private static final String EVERY_CONTEXT = ":*:";

    /** The context's name with its dot; a single dot is the default context, where every plain subject is. */
    String context() {
        if (!name.startsWith(BEGINNING)) {
            return DEFAULT_CONTEXT;
        }
        int end = name.indexOf(':', 1);
        return name.substring(1, end < 0 ? name.length() : end);
    }

    boolean isInDefaultContext() {
        return context().equals(DEFAULT_CONTEXT);
    }

    /** Whether it names one subject, and not a context alone or a subject in all of them. */
    boolean isOne() {
        if (name.startsWith(EVERY_CONTEXT)) {
            return false;
        }
        return !name.startsWith(BEGINNING) || (name.indexOf(':', 1) > 0 && !name.endsWith(":"));
    }

    /** What a schema under this subject refers to by that name: a subject of the same context, unless it names another. */
    Subject referred(String other) {
        return isInDefaultContext() || other.startsWith(BEGINNING)
                ? new Subject(other)
                : new Subject(":" + context() + ":" + other);
    }

    /** To go on a sentence that has named an id or a subject. */
    String inContext() {
        return isInDefaultContext() ? "" : " in the context " + context();
    }

    @Override
    public String toString() {
        return name;
    }
}
