package io.tradeenrichment.savepoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.flink.runtime.OperatorIDPair;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.streaming.api.graph.StreamGraph;

/** The operators of the planned job, by the ids that Flink matches with those of a savepoint. */
record JobOperators(List<JobOperator> operators) {

    /**
     * An operator of the job.
     *
     * @param maxParallelism empty if it is not configured: then Flink keeps the savepoint's
     */
    record JobOperator(OperatorID id, String uid, String title, int parallelism, OptionalInt maxParallelism) {
        /** For sentences. */
        String name() {
            return title + " (" + uid + ")";
        }
    }

    static JobOperators of(StreamGraph graph) {
        List<JobOperator> operators = new ArrayList<>();
        for (JobVertex vertex : graph.getJobGraph().getVertices()) {
            for (OperatorIDPair id : vertex.getOperatorIDs()) {
                operators.add(operator(vertex, id));
            }
        }
        return new JobOperators(List.copyOf(operators));
    }

    private static JobOperator operator(JobVertex vertex, OperatorIDPair id) {
        int maxParallelism = vertex.getMaxParallelism();
        return new JobOperator(
                id.getGeneratedOperatorID(),
                id.getUserDefinedOperatorUid(),
                id.getUserDefinedOperatorName(),
                vertex.getParallelism(),
                maxParallelism == JobVertex.MAX_PARALLELISM_DEFAULT
                        ? OptionalInt.empty()
                        : OptionalInt.of(maxParallelism));
    }

    Optional<JobOperator> find(OperatorID id) {
        return operators.stream().filter(operator -> operator.id().equals(id)).findFirst();
    }
}
