package io.tradeenrichment.kafka.sink;

import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.jspecify.annotations.Nullable;

/** Describes transactions with an admin client. It connects at the first lookup; most committers never need one. */
final class BrokerOutcomeLookup implements OutcomeLookup {
    private final Properties client;
    private @Nullable Admin admin;

    /** @param client properties of an admin client */
    BrokerOutcomeLookup(Properties client) {
        this.client = client;
    }

    @Override
    public TransactionOutcome of(KafkaCommittable transaction) throws InterruptedException {
        if (admin == null) {
            admin = Admin.create(client);
        }
        String id = transaction.getTransactionalId();
        try {
            return TransactionOutcome.of(
                    admin.describeTransactions(List.of(id)).description(id).get(), transaction);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TransactionalIdNotFoundException) {
                return TransactionOutcome.expired();
            }
            if (e.getCause() instanceof RetriableException failure) {
                return TransactionOutcome.undecided("cannot be described: " + failure.getMessage());
            }
            throw new KafkaException("Kafka does not describe the transaction " + id, e.getCause());
        }
    }

    @Override
    public void close() {
        if (admin != null) {
            admin.close(Duration.ZERO);
        }
    }
}
