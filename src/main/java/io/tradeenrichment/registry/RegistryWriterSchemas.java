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
 * Schemas by their ids in a registry, in the context of one subject. Those that were found at start travel with the job; any other is asked for where a
 * record names it. While the registry does not answer, the question waits, and with it the records behind: one that is
 * not known yet is not one that does not exist.
 */
final class RegistryWriterSchemas implements WriterSchemas {
    private static final Logger LOG = LoggerFactory.getLogger(RegistryWriterSchemas.class);
    private static final Duration BETWEEN_REPORTS = Duration.ofSeconds(10);

    private final RegistryConfig config;
    private final Subject subject;
    private final Map<Long, RegisteredSchema> foundAtStart;
    private transient @Nullable RegistryApi registry;
    private transient @Nullable RecentRefusals refusals;

    /** @param foundAtStart in the subject's context */
    RegistryWriterSchemas(RegistryConfig config, Subject subject, Map<Long, RegisteredSchema> foundAtStart) {
        this.config = config;
        this.subject = subject;
        this.foundAtStart = Map.copyOf(foundAtStart);
    }

    @Override
    public Schema byKey(long id) throws DecodeException, InterruptedException {
        RegisteredSchema found = foundAtStart.get(id);
        if (found != null) {
            return found.parse(RegistryApi.name(id, subject));
        }
        if (refusals == null) {
            refusals = new RecentRefusals();
        }
        refusals.refuse(id, System.nanoTime());
        try {
            return asked(id).parse(RegistryApi.name(id, subject));
        } catch (DecodeException refusal) {
            refusals.add(id, refusal, System.nanoTime());
            throw refusal;
        }
    }

    private RegisteredSchema asked(long id) throws DecodeException, InterruptedException {
        if (id < 0) {
            throw unknown(id);
        }
        Backoff backoff = new Backoff();
        long began = System.nanoTime();
        long reported = began - BETWEEN_REPORTS.toNanos();
        while (true) {
            try {
                RegisteredSchema text = registry().byId(id, subject);
                if (reported - began >= 0) {
                    LOG.info("The registry answers again, after {} s.", seconds(began));
                }
                return text;
            } catch (RegistryException e) {
                if (e.fault() == Fault.MISSING) {
                    throw unknown(id);
                }
                if (System.nanoTime() - reported >= BETWEEN_REPORTS.toNanos()) {
                    reported = System.nanoTime();
                    report(id, e, began);
                }
            }
            backoff.pause();
        }
    }

    private void report(long id, RegistryException e, long began) {
        LOG.warn(
                "Records wait for {} since {} s, and no checkpoint completes meanwhile: {}{}",
                RegistryApi.name(id, subject),
                seconds(began),
                e.sentence(),
                e.fault() == Fault.DENIED
                        ? "; the login is wrong or was withdrawn: correct " + RegistryOptions.USER.key() + " and "
                                + RegistryOptions.PASSWORD_FILE.key() + ", or the rights of this user"
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

    private static long seconds(long since) {
        return Duration.ofNanos(System.nanoTime() - since).toSeconds();
    }
}
