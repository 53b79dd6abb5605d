package io.tradeenrichment.kafka.sink;

import io.tradeenrichment.kafka.client.KafkaOptions;
import java.io.IOException;
import java.util.SortedMap;
import java.util.stream.Collectors;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;

/** Output of completed checkpoints is lost. The message names the transactions and the two ways to recover. */
final class LostTransactions extends IOException {
    /** @param outcomes by transactional id, at least one */
    LostTransactions(String topic, SortedMap<String, TransactionOutcome> outcomes) {
        super(sentence(topic, outcomes));
    }

    /**
     * The checkpoint of a transaction, which holds all output since the previous one. The connector appends its number
     * to the transactional id.
     */
    static long checkpoint(KafkaCommittable transaction) {
        return checkpoint(transaction.getTransactionalId());
    }

    private static long checkpoint(String transactionalId) {
        return Long.parseLong(transactionalId.substring(transactionalId.lastIndexOf('-') + 1));
    }

    private static String sentence(String topic, SortedMap<String, TransactionOutcome> outcomes) {
        long first = outcomes.keySet().stream()
                .mapToLong(LostTransactions::checkpoint)
                .min()
                .orElseThrow();
        long last = outcomes.keySet().stream()
                .mapToLong(LostTransactions::checkpoint)
                .max()
                .orElseThrow();
        return "Output for the topic " + topic + " between the checkpoints " + (first - 1) + " and " + last
                + " is lost if the job continues: the transaction "
                + outcomes.entrySet().stream()
                        .map(outcome ->
                                outcome.getKey() + " " + outcome.getValue().description())
                        .collect(Collectors.joining(", the transaction "))
                + "; restore the job from a retained checkpoint or savepoint with the number " + (first - 1)
                + " or a lower one to write the output again, or set "
                + KafkaOptions.TRANSACTION_ACCEPT_LOSS_UNTIL.key() + " to " + last
                + " to continue without it (docs/recover.md, Lost transactions)";
    }
}
