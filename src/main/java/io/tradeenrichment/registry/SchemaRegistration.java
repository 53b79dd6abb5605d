package io.tradeenrichment.registry;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.key.KeyWriter;
import io.tradeenrichment.codec.layout.IdType;
import io.tradeenrichment.registry.RegistryApi.Newest;
import io.tradeenrichment.registry.RegistryException.Fault;
import io.tradeenrichment.settings.SettingsException;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.flink.configuration.ConfigOption;

/** Registers schemas, or looks up their ids, depending on {@code registry.register}. */
final class SchemaRegistration {
    private static final String KEY = RegistryOptions.REGISTER.key();

    private final StartupRequests requests;
    private final boolean registers;

    SchemaRegistration(StartupRequests requests, RegistrationMode mode) {
        this.requests = requests;
        this.registers = mode == RegistrationMode.REGISTER;
    }

    /**
     * The id of a schema of record values.
     *
     * @param option names the subject
     * @throws SettingsException if the registry returns no id
     */
    long valueId(Subject subject, Schema schema, ConfigOption<String> option) throws InterruptedException {
        return id(subject, schema, schema.getName() + ".avsc", "name another subject with " + option.key());
    }

    /**
     * The id of the schema of record keys.
     *
     * @throws SettingsException if the registry returns no id
     */
    long keyId(Subject subject, IdType ids) throws InterruptedException {
        Schema schema = KeyWriter.avroSchema(ids);
        return id(subject, schema, schema.toString(), "write keys in another format");
    }

    private long id(Subject subject, Schema schema, String name, String alternative) throws InterruptedException {
        try {
            return registers
                    ? requests.send(registry -> registry.register(subject, schema))
                    : requests.send(registry -> lookUp(registry, subject, schema));
        } catch (RegistryException e) {
            if (e.fault() == Fault.NOT_FOUND && !registers) {
                throw new SettingsException(
                        KEY,
                        KEY + " is look-up, but the schema " + name + " is not registered under the subject " + subject
                                + "; register it there, or set " + KEY + " to register");
            }
            if (e.fault() == Fault.REJECTED && registers) {
                throw new SettingsException(
                        KEY,
                        KEY + ": the registry rejects the schema " + name + " under the subject " + subject + " ("
                                + e.sentence() + "); change the subject's compatibility, or " + alternative);
            }
            throw requests.failure("the registry returned no id for the schema of the subject " + subject, e);
        } catch (DecodeException e) {
            throw new SettingsException(KEY, KEY + ": " + e.sentence());
        }
    }

    /** Some registries find a schema only in the same spelling, so this compares the newest one too. */
    private static long lookUp(RegistryApi registry, Subject subject, Schema schema)
            throws RegistryException, DecodeException, InterruptedException {
        try {
            return registry.lookUp(subject, schema);
        } catch (RegistryException e) {
            Optional<Newest> newest = e.fault() == Fault.NOT_FOUND ? registry.newest(subject) : Optional.empty();
            if (newest.isPresent() && newest.get().parse(subject).equals(schema)) {
                return newest.get().id();
            }
            throw e;
        }
    }
}
