package io.tradeenrichment.registry;

import io.tradeenrichment.settings.CheckedConfiguration;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** A null truststore means the JDK's certificates, a null keystore no client key. */
record TlsConfig(@Nullable Store truststore, @Nullable Store keystore) implements Serializable {

    boolean isPlain() {
        return truststore == null && keystore == null;
    }

    static TlsConfig from(CheckedConfiguration checked) {
        String truststore = RegistryConfig.text(checked, RegistryOptions.TRUSTSTORE_FILE);
        String trustPassword = RegistryConfig.text(checked, RegistryOptions.TRUSTSTORE_PASSWORD);
        if (truststore == null && trustPassword != null) {
            throw RegistryConfig.incomplete(
                    RegistryOptions.TRUSTSTORE_PASSWORD, RegistryOptions.TRUSTSTORE_FILE.key() + " is not");
        }
        return new TlsConfig(
                truststore == null
                        ? null
                        : new Store(truststore, trustPassword == null ? null : new Secret(trustPassword, false)),
                keystore(checked));
    }

    private static @Nullable Store keystore(CheckedConfiguration checked) {
        String file = RegistryConfig.text(checked, RegistryOptions.KEYSTORE_FILE);
        Secret password =
                Secret.from(checked, RegistryOptions.KEYSTORE_PASSWORD, RegistryOptions.KEYSTORE_PASSWORD_FILE);
        if (file != null && password == null) {
            throw RegistryConfig.incomplete(
                    RegistryOptions.KEYSTORE_FILE,
                    "neither " + RegistryOptions.KEYSTORE_PASSWORD_FILE.key() + " nor "
                            + RegistryOptions.KEYSTORE_PASSWORD.key() + " is");
        }
        if (file == null && password != null) {
            throw RegistryConfig.incomplete(
                    password.isFile() ? RegistryOptions.KEYSTORE_PASSWORD_FILE : RegistryOptions.KEYSTORE_PASSWORD,
                    RegistryOptions.KEYSTORE_FILE.key() + " is not");
        }
        return file == null ? null : new Store(file, password);
    }

    /** A file with keys or certificates, read at each connection setup. */
    record Store(String file, @Nullable Secret password) implements Serializable {}
}
