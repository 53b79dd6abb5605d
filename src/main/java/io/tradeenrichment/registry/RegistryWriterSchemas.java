package io.tradeenrichment.registry;

import io.tradeenrichment.codec.binary.DecodeException;
import io.tradeenrichment.codec.schema.WriterSchemas;
import io.tradeenrichment.model.Reason;
import io.tradeenrichment.registry.RegistryException.Fault;
import java.time.Duration;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writer schemas by their ids, in the context of one subject. Schemas found at start are serialized with the job;
 * others are requested when a record has their id. While the registry is unavailable, the lookup blocks, and with it
 * the task: a schema that cannot be looked up now may exist.
 */
final class RegistryWriterSchemas implements WriterSchemas {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryWriterSchemas.class);
    private static final Duration REPORT_INTERVAL = Duration.ofSeconds(10);

    private final RegistryConfig config;
    private final Subject subject;
    private final Map<Long, RegisteredSchema> foundAtStart;
    private transient @Nullable RegistryApi registry;
    private transient @Nullable NegativeCache failures;

    /** @param foundAtStart by id, in the subject's context */
    RegistryWriterSchemas(RegistryConfig config, Subject subject, Map<Long, RegisteredSchema> foundAtStart) {
        this.config = config;
        this.subject = subject;
        this.foundAtStart = Map.copyOf(foundAtStart);
    }

    @Override
    public Schema byKey(long id) throws DecodeException, InterruptedException {
        String name = RegistryApi.name(id, subject);
        RegisteredSchema found = foundAtStart.get(id);
        if (found != null) {
            return found.parse(name);
        }
        if (failures == null) {
            failures = new NegativeCache();
        }
        failures.throwIfPresent(id, System.nanoTime());
        try {
            return request(id).parse(name);
        } catch (DecodeException e) {
            failures.add(id, e, System.nanoTime());
            throw e;
        }
    }

    private RegisteredSchema request(long id) throws DecodeException, InterruptedException {
        if (id < 0) {
            throw unknown(id);
        }
        Backoff backoff = new Backoff();
        long started = System.nanoTime();
        long reported = started - REPORT_INTERVAL.toNanos();
        while (true) {
            try {
                RegisteredSchema schema = registry().byId(id, subject);
                if (reported - started >= 0) {
                    LOG.info("The registry answers again, after {} s.", secondsSince(started));
                }
                return schema;
            } catch (RegistryException e) {
                if (e.fault() == Fault.NOT_FOUND) {
                    throw unknown(id);
                }
                if (System.nanoTime() - reported >= REPORT_INTERVAL.toNanos()) {
                    reported = System.nanoTime();
                    report(id, e, started);
                }
            }
            backoff.pause();
        }
    }

    private void report(long id, RegistryException e, long started) {
        LOG.warn(
                "Records wait for {} since {} s, and no checkpoint completes meanwhile: {}{}",
                RegistryApi.name(id, subject),
                secondsSince(started),
                e.sentence(),
                e.fault() == Fault.UNAUTHORIZED
                        ? "; correct " + RegistryOptions.USER.key() + " and " + RegistryOptions.PASSWORD_FILE.key()
                                + ", or the user's permissions"
                        : "");
    }

    private RegistryApi registry() throws RegistryException {
        if (registry == null) {
            registry = new RegistryApi(new RegistryClient(config));
        }
        return registry;
    }

    private DecodeException unknown(long id) {
        return new DecodeException(
                Reason.UNKNOWN_SCHEMA, "the registry has no schema with the id " + id + subject.inContext());
    }

    private static long secondsSince(long nanoTime) {
        return Duration.ofNanos(System.nanoTime() - nanoTime).toSeconds();
    }
}
