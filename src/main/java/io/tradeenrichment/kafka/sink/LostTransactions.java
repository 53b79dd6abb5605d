package io.tradeenrichment.kafka.sink;

import io.tradeenrichment.kafka.client.KafkaOptions;
import java.io.IOException;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;

/**
 * Output that a checkpoint has promised and that Kafka will never show. Says in one sentence what is lost and what to do.
 */
final class LostTransactions extends IOException {
    /** @param fates by transactional id, at least one */
    LostTransactions(String topic, SortedMap<String, TransactionOutcome> fates) {
        super(sentence(topic, fates));
    }

    /**
     * The checkpoint whose output a transaction holds: all since the one before. The connector puts its number at the end
     * of the name.
     */
    static long checkpoint(KafkaCommittable transaction) {
        return checkpoint(transaction.getTransactionalId());
    }

    private static long checkpoint(String transactionalId) {
        return Long.parseLong(transactionalId.substring(transactionalId.lastIndexOf('-') + 1));
    }

    private static String sentence(String topic, SortedMap<String, TransactionOutcome> fates) {
        long first = fates.keySet().stream()
                .mapToLong(LostTransactions::checkpoint)
                .min()
                .orElseThrow();
        long last = fates.keySet().stream()
                .mapToLong(LostTransactions::checkpoint)
                .max()
                .orElseThrow();
        return "Output for the topic " + topic + " between the checkpoints " + (first - 1) + " and " + last
                + " is lost if the job goes on: the transaction "
                + fates.entrySet().stream()
                        .map(LostTransactions::told)
                        .collect(Collectors.joining(", the transaction "))
                + "; restore the job from a retained checkpoint or savepoint of number " + (first - 1)
                + " or before, and it is written anew, or set " + KafkaOptions.TRANSACTION_ACCEPT_LOSS_UNTIL.key()
                + " to "
                + last + " to go on without it (docs/recover.md, Lost transactions)";
    }

    private static String told(Map.Entry<String, TransactionOutcome> fate) {
        return fate.getKey() + " " + fate.getValue().told();
    }
}
