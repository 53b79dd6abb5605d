package io.tradeenrichment.operations;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;

/**
 * Something that the cluster was asked to do and does by itself.
 *
 * @param path where it tells how far it is
 * @param name for people
 */
record Operation(ClusterClient client, String path, String name) {

    /** @throws ClusterException with the cause, if it failed; if it takes too long, it may still end well */
    JsonNode await(Duration timeout) throws ClusterException, InterruptedException {
        Deadline deadline = Deadline.in(timeout);
        while (true) {
            JsonNode answer = client.get(path);
            if (answer.path("status").path("id").asText().equals("COMPLETED")) {
                JsonNode failure = answer.path("operation").path("failure-cause");
                if (failure.isObject()) {
                    throw new ClusterException(
                            1,
                            name + " failed: "
                                    + RootCause.in(failure.path("stack-trace").asText()),
                            null);
                }
                return answer.path("operation");
            }
            deadline.pause(() -> name + " was not complete");
        }
    }
}
