package io.tradeenrichment.savepoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.flink.runtime.OperatorIDPair;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.streaming.api.graph.StreamGraph;

/** The operators of the job that would be started, by the ids that Flink matches with a savepoint. */
record JobOperators(List<Part> parts) {

    /**
     * An operator.
     *
     * @param maxParallelism if one is asked for; if not, Flink keeps the savepoint's
     */
    record Part(OperatorID id, String uid, String title, int parallelism, OptionalInt maxParallelism) {
        /** As in every sentence about it. */
        String name() {
            return title + " (" + uid + ")";
        }
    }

    static JobOperators of(StreamGraph graph) {
        List<Part> parts = new ArrayList<>();
        for (JobVertex vertex : graph.getJobGraph().getVertices()) {
            for (OperatorIDPair id : vertex.getOperatorIDs()) {
                parts.add(part(vertex, id));
            }
        }
        return new JobOperators(List.copyOf(parts));
    }

    private static Part part(JobVertex vertex, OperatorIDPair id) {
        int most = vertex.getMaxParallelism();
        return new Part(
                id.getGeneratedOperatorID(),
                id.getUserDefinedOperatorUid(),
                id.getUserDefinedOperatorName(),
                vertex.getParallelism(),
                most == JobVertex.MAX_PARALLELISM_DEFAULT ? OptionalInt.empty() : OptionalInt.of(most));
    }

    Optional<Part> part(OperatorID id) {
        return parts.stream().filter(part -> part.id().equals(id)).findFirst();
    }
}
