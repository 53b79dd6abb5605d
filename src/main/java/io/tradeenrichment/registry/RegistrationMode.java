package io.tradeenrichment.registry;

/** How the job gets the schema id of its output. */
public enum RegistrationMode {
    /** Registers the schema at start, which has no effect if it is already registered. */
    REGISTER,
    /** Looks up the schema, which must be registered. */
    LOOK_UP
}
