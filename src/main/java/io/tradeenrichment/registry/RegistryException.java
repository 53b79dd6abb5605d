package io.tradeenrichment.registry;

/** A request to the registry failed. The message is one sentence without secrets. */
final class RegistryException extends Exception {
    private static final int MAX_LENGTH = 400;
    private final Fault fault;

    enum Fault {
        /** No connection, an error of the server, or an answer that is not a registry's: retry. */
        UNAVAILABLE,
        /** The login is missing or wrong, or the user lacks a permission. */
        UNAUTHORIZED,
        /** The registry has no such subject, version or schema. */
        NOT_FOUND,
        /** The answer is longer than any usable schema. */
        TOO_LARGE,
        /** The registry rejects the request. */
        REJECTED
    }

    RegistryException(Fault fault, String sentence) {
        super(oneLine(sentence));
        this.fault = fault;
    }

    RegistryException(Fault fault, String sentence, Throwable cause) {
        super(oneLine(sentence), cause);
        this.fault = fault;
    }

    Fault fault() {
        return fault;
    }

    /** The message; never null. */
    String sentence() {
        return String.valueOf(getMessage());
    }

    private static String oneLine(String text) {
        String line = text.replaceAll("\\s+", " ");
        return line.length() > MAX_LENGTH ? line.substring(0, MAX_LENGTH) + "…" : line;
    }
}
