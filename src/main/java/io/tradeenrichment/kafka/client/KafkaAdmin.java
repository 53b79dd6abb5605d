package io.tradeenrichment.kafka.client;

import io.tradeenrichment.settings.DurationText;
import io.tradeenrichment.settings.Failures;
import io.tradeenrichment.settings.SettingsException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthenticationException;

/**
 * An admin client that waits for answers up to {@code kafka.check.timeout}. If Kafka does not answer or rejects the
 * login, it throws a {@link SettingsException} that names the key.
 */
public final class KafkaAdmin implements AutoCloseable {
    private final KafkaConnection connection;
    private final Admin client;

    private KafkaAdmin(KafkaConnection connection, Admin client) {
        this.connection = connection;
        this.client = client;
    }

    /** @throws SettingsException if the client properties are not usable; does not wait for a connection */
    public static KafkaAdmin open(KafkaConnection connection) {
        return new KafkaAdmin(connection, KafkaClients.admin(connection));
    }

    public Admin client() {
        return client;
    }

    KafkaConnection connection() {
        return connection;
    }

    /** @throws SettingsException if Kafka does not answer, or answers with an error */
    public <T> T require(KafkaFuture<T> future) throws InterruptedException {
        try {
            return await(future);
        } catch (KafkaException e) {
            throw failure("a request to Kafka at " + connection.bootstrapServers() + " failed", e);
        }
    }

    /**
     * @throws KafkaException if Kafka answers with an error
     * @throws SettingsException if Kafka does not answer or rejects the login
     */
    public <T> T await(KafkaFuture<T> future) throws InterruptedException {
        try {
            // Longer than the client's own timeout, whose exception names the cause.
            return future.get(connection.checkTimeout().toMillis() + 1000, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw noAnswer();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof org.apache.kafka.common.errors.TimeoutException) {
                throw noAnswer();
            }
            if (e.getCause() instanceof AuthenticationException rejection) {
                throw new SettingsException(
                        KafkaOptions.CLIENT.key(),
                        KafkaOptions.CLIENT.key() + ": Kafka at " + connection.bootstrapServers()
                                + " rejects the login: " + Failures.rootCause(rejection));
            }
            throw e.getCause() instanceof KafkaException failure ? failure : new KafkaException(e.getCause());
        }
    }

    SettingsException noAnswer() {
        String key = KafkaOptions.BOOTSTRAP_SERVERS.key();
        return new SettingsException(
                key,
                key + ": Kafka at " + connection.bootstrapServers() + " has not answered within "
                        + KafkaOptions.CHECK_TIMEOUT.key() + " (" + DurationText.of(connection.checkTimeout()) + ")");
    }

    /** @param what failed, as the beginning of the sentence */
    public static SettingsException failure(String what, KafkaException cause) {
        return new SettingsException(KafkaOptions.BOOTSTRAP_SERVERS.key(), what + ": " + Failures.rootCause(cause));
    }

    @Override
    public void close() {
        client.close(Duration.ZERO);
    }
}
