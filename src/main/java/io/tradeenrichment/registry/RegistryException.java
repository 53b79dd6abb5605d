package io.tradeenrichment.registry;

/** Says in one sentence why the registry gave no answer, or refused to give one. It never holds a password. */
final class RegistryException extends Exception {
    private static final int LONGEST = 400;
    private final Fault fault;

    /** What is to be done about it. */
    enum Fault {
        /** To be asked again: it cannot be reached, is not well, or what answers is no registry. */
        NO_ANSWER,
        /** It wants another login. */
        DENIED,
        /** There is no such subject, version or schema; it says so itself. */
        MISSING,
        /** What it sends is longer than any schema. */
        TOO_LARGE,
        /** It understood, and says no. */
        REFUSED
    }

    RegistryException(Fault fault, String sentence) {
        super(cut(sentence.replaceAll("\\s+", " ")));
        this.fault = fault;
    }

    RegistryException(Fault fault, String sentence, Throwable cause) {
        super(cut(sentence.replaceAll("\\s+", " ")), cause);
        this.fault = fault;
    }

    Fault fault() {
        return fault;
    }

    String sentence() {
        return String.valueOf(getMessage());
    }

    private static String cut(String sentence) {
        return sentence.length() > LONGEST ? sentence.substring(0, LONGEST) + "…" : sentence;
    }
}
