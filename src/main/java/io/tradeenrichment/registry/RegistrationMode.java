package io.tradeenrichment.registry;

/** How the output's schema comes by its id. */
public enum RegistrationMode {
    /** It is registered at start, which does nothing if it is there already. */
    REGISTER,
    /** It must be there: someone else registers schemas. */
    LOOK_UP
}
