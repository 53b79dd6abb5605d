package io.tradeenrichment.registry;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.registry.RegistryApi.Newest;
import io.tradeenrichment.registry.RegistryException.Fault;
import io.tradeenrichment.settings.DurationText;
import io.tradeenrichment.settings.SettingsException;
import java.util.Optional;

/**
 * Requests before the job is submitted. It retries while the registry does not answer, until {@code
 * registry.check.timeout} has passed since its creation.
 */
final class StartupRequests {
    private final RegistryConfig config;
    private final RegistryApi registry;
    private final long deadline;

    interface Request<T> {
        T send(RegistryApi registry) throws RegistryException, DecodeException, InterruptedException;
    }

    /** @throws SettingsException if a file with keys or certificates is not usable */
    StartupRequests(RegistryConfig config) {
        this.config = config;
        this.deadline = System.nanoTime() + config.checkTimeout().toNanos();
        try {
            this.registry = new RegistryApi(new RegistryClient(config));
        } catch (RegistryException e) {
            String key = config.tls().truststore() == null
                    ? RegistryOptions.KEYSTORE_FILE.key()
                    : RegistryOptions.TRUSTSTORE_FILE.key();
            throw new SettingsException(key, key + ": " + e.sentence());
        }
    }

    /**
     * The newest schema under the subject; empty if there is no such subject.
     *
     * @throws DecodeException if the schema is not usable
     * @throws SettingsException if the lookup fails
     */
    Optional<Newest> newest(Subject subject) throws DecodeException, InterruptedException {
        try {
            return send(registry -> registry.newest(subject));
        } catch (RegistryException e) {
            throw failure("the subject " + subject + " cannot be looked up", e);
        }
    }

    <T> T send(Request<T> request) throws RegistryException, DecodeException, InterruptedException {
        Backoff backoff = new Backoff();
        while (true) {
            try {
                return request.send(registry);
            } catch (RegistryException e) {
                if (e.fault() != Fault.UNAVAILABLE || System.nanoTime() - deadline > 0) {
                    throw e;
                }
            }
            backoff.pause();
        }
    }

    /** @param what failed, for the sentence */
    SettingsException failure(String what, RegistryException e) {
        if (e.fault() == Fault.UNAUTHORIZED) {
            String user = RegistryOptions.USER.key();
            return new SettingsException(
                    user,
                    user + ": " + what + ", " + e.sentence()
                            + (config.login() == null
                                    ? "; set " + user + " and " + RegistryOptions.PASSWORD_FILE.key()
                                    : "; check the user, the password and the user's permissions"));
        }
        String key = RegistryOptions.URL.key();
        String within = e.fault() == Fault.UNAVAILABLE
                ? " within " + RegistryOptions.CHECK_TIMEOUT.key() + " (" + DurationText.of(config.checkTimeout()) + ")"
                : "";
        return new SettingsException(key, key + ": " + what + within + ", " + e.sentence());
    }
}
