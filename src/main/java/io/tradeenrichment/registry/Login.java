package io.tradeenrichment.registry;

import io.tradeenrichment.settings.CheckedConfiguration;
import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/** HTTP basic authentication (RFC 7617). */
record Login(String user, Secret password) implements Serializable {

    static @Nullable Login from(CheckedConfiguration checked) {
        String user = RegistryConfig.text(checked, RegistryOptions.USER);
        Secret password = Secret.from(checked, RegistryOptions.PASSWORD, RegistryOptions.PASSWORD_FILE);
        if (password == null) {
            if (user != null) {
                throw RegistryConfig.incomplete(
                        RegistryOptions.USER,
                        "neither " + RegistryOptions.PASSWORD_FILE.key() + " nor " + RegistryOptions.PASSWORD.key()
                                + " is");
            }
            return null;
        }
        if (user == null) {
            throw RegistryConfig.incomplete(
                    password.isFile() ? RegistryOptions.PASSWORD_FILE : RegistryOptions.PASSWORD,
                    RegistryOptions.USER.key() + " is not");
        }
        if (user.indexOf(':') >= 0) {
            throw RegistryConfig.incomplete(
                    RegistryOptions.USER, "has a colon in it, which HTTP basic authentication cannot send");
        }
        return new Login(user, password);
    }
}
