package io.tradeenrichment.operations;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** A cluster that answers as Flink's REST interface does, and whose jobs fare as they are told. */
final class StubCluster implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long TOTAL = 1_000;

    /** How the next job fares. */
    enum Fate {
        RUNS,
        /** Its main refuses. */
        REFUSED,
        /** Its main refuses nothing, but the answer is lost on its way. */
        UNANSWERED,
        /** A proxy gives the answer up; main goes on, and the job comes later. */
        ARRIVES_LATE,
        /** It fails before its first checkpoint. */
        FAILS,
        /** The JobManager that took it fails, and the next one has it. */
        COMES_THOUGH_REFUSED,
        /** Nobody answers any more. */
        FAILS_AND_THE_CLUSTER_TOO,
        /** It completes a checkpoint, and then fails. */
        FAILS_LATER,
        /** It completes a checkpoint, fails, and another JobManager takes it over, whose counts begin anew. */
        FAILS_AND_FAILS_OVER,
        /** It comes without its state. */
        LOSES,
        /** Its tasks never run. */
        LOADS
    }

    /** What the cluster was told, in order: {@code run}, {@code stop}, … with what matters of it. */
    final List<String> told = new CopyOnWriteArrayList<>();

    final Deque<Fate> fates = new ArrayDeque<>();
    int slots = 4;
    String target = "";
    /** Why no savepoint can be written; null if one can. */
    String noSavepoints;
    /** Whether a job that is stopped writes its savepoint, and then fails. */
    boolean failsAtTheEnd;
    /** How many more questions are asked of a JobManager that has just taken over. */
    int initializing;

    String retention = "RETAIN_ON_CANCELLATION";
    /** Where savepoints are written; empty if the cluster has no such folder. */
    String folder = "file:/savepoints";

    private final HttpServer server;
    private final Map<String, ObjectNode> jobs = new LinkedHashMap<>();
    private final Map<String, ObjectNode> operations = new LinkedHashMap<>();
    private int savepoints;
    private long clock;

    StubCluster() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::serve);
        server.start();
    }

    String url() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** As another tool, or a person in the web UI, would start it. */
    String submitElsewhere() {
        String id = "e".repeat(32);
        start(id, 1, Fate.RUNS);
        return id;
    }

    /** The job that has not ended. */
    String running() {
        return jobs.values().stream()
                .filter(job -> job.get("state").asText().equals("RUNNING"))
                .map(job -> job.get("jid").asText())
                .findFirst()
                .orElse("none");
    }

    /** From now on the running job fails all the time. */
    void breakDown(String why) {
        fail(jobs.get(running()), why);
    }

    /** For a while nobody sees it. */
    void comesLate(String id) {
        jobs.get(id).put("late", 3);
    }

    /** Another JobManager takes the running job over. */
    void failOver() {
        failOver(jobs.get(running()));
    }

    private static void failOver(ObjectNode job) {
        job.put("restored", job.get("checkpoint").asText()).put("checkpoint", "");
    }

    /** The JobManager was restarted, and remembers nothing. */
    void forget() {
        jobs.clear();
    }

    private synchronized void serve(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readAllBytes();
        String path = exchange.getRequestURI().getPath();
        String question = exchange.getRequestMethod() + " " + path;
        int status = 200;
        JsonNode answer;
        try {
            answer = answer(question, path.split("/"), body);
        } catch (Refused e) {
            status = e.status;
            answer = error(e.getMessage());
        }
        if (answer == null) {
            exchange.close();
            return;
        }
        byte[] bytes = answer.toString().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private static final class Refused extends RuntimeException {
        private final int status;

        Refused(int status, String what) {
            super(what);
            this.status = status;
        }
    }

    private static ObjectNode error(String stackTrace) {
        ObjectNode error = JSON.createObjectNode();
        error.putArray("errors")
                .add("Internal server error.")
                .add("<Exception on server side:\n" + stackTrace + "\n\tat some.Class.method(Class.java:1)\n\n"
                        + "End of exception on server side>");
        return error;
    }

    private JsonNode answer(String question, String[] path, byte[] body) throws IOException {
        if (question.equals("GET /overview")) {
            return overview();
        } else if (question.equals("GET /jobmanager/config")) {
            ArrayNode settings = JSON.createArrayNode();
            settings.addObject().put("key", "parallelism.default").put("value", "2");
            settings.addObject().put("key", "execution.target").put("value", target);
            settings.addObject().put("key", "execution.checkpointing.interval").put("value", "2 s");
            settings.addObject()
                    .put("key", "execution.checkpointing.externalized-checkpoint-retention")
                    .put("value", retention);
            settings.addObject().put("key", "web.refresh-interval").put("value", "1 ms");
            return settings;
        } else if (question.equals("GET /jobs/overview")) {
            ObjectNode all = JSON.createObjectNode();
            all.putArray("jobs").addAll(jobs.values());
            return all;
        } else if (question.equals("POST /jars/upload")) {
            told.add("upload");
            return JSON.createObjectNode().put("filename", "/tmp/web/1_a.jar");
        } else if (question.equals("DELETE /jars/1_a.jar")) {
            told.add("remove");
            return JSON.createObjectNode();
        } else if (question.equals("POST /jars/1_a.jar/run")) {
            return run(JSON.readTree(body));
        } else if (question.startsWith("POST /savepoint-disposal")) {
            told.add("dispose " + JSON.readTree(body).get("savepoint-path").asText());
            operations.put("d", completed());
            return JSON.createObjectNode().put("request-id", "d");
        } else if (question.startsWith("GET /savepoint-disposal")) {
            return operations.get(path[2]);
        }
        if (initializing > 0) {
            initializing--;
            throw new Refused(
                    500,
                    "org.apache.flink.runtime.dispatcher.UnavailableDispatcherOperationException: Unable to get"
                            + " JobMasterGateway for initializing job. The requested operation is not available while"
                            + " the JobManager is initializing.");
        }
        ObjectNode job = jobs.get(path[2]);
        if (job != null && job.path("late").asInt() > 0) {
            job.put("late", job.get("late").asInt() - 1);
            job = null;
        }
        if (job == null) {
            throw new Refused(
                    404, "org.apache.flink.runtime.messages.FlinkJobNotFoundException: Could not find Flink job");
        }
        return aboutJob(question.replace(path[2], "ID"), path, job, body);
    }

    private JsonNode aboutJob(String question, String[] path, ObjectNode job, byte[] body) throws IOException {
        return switch (question) {
            case "GET /jobs/ID" -> job;
            case "PATCH /jobs/ID" -> cancel(job);
            case "GET /jobs/ID/exceptions" -> exceptions(job);
            case "GET /jobs/ID/checkpoints" -> checkpoints(job);
            case "GET /jobs/ID/checkpoints/config" -> {
                ObjectNode config = JSON.createObjectNode();
                config.putObject("externalization")
                        .put("enabled", true)
                        .put("delete_on_cancellation", !retention.equals("RETAIN_ON_CANCELLATION"));
                yield config;
            }
            case "POST /jobs/ID/checkpoints" -> JSON.createObjectNode();
            case "GET /jobs/ID/accumulators" -> job.get("accumulators");
            case "POST /jobs/ID/savepoints" -> savepoint(job, "savepoint", JSON.readTree(body));
            case "POST /jobs/ID/stop" -> savepoint(job, "stop", JSON.readTree(body));
            default -> {
                if (question.startsWith("GET /jobs/ID/savepoints/")) {
                    yield operations.get(path[4]);
                } else if (question.endsWith("/subtasks/metrics")) {
                    ArrayNode metrics = JSON.createArrayNode();
                    metrics.addObject().put("id", "0.join.loadedRecords").put("sum", 1234.0);
                    yield metrics;
                }
                throw new Refused(404, "java.lang.Exception: not a question: " + question);
            }
        };
    }

    private ObjectNode overview() {
        int used = jobs.values().stream()
                .filter(job -> job.get("state").asText().equals("RUNNING"))
                .mapToInt(job -> job.get("vertices").get(0).get("parallelism").asInt())
                .sum();
        return JSON.createObjectNode()
                .put("flink-version", "2.2.1")
                .put("taskmanagers", 2)
                .put("slots-total", slots)
                .put("slots-available", slots - used);
    }

    private JsonNode run(JsonNode request) {
        Fate fate = fates.isEmpty() ? Fate.RUNS : fates.pop();
        String arguments = String.join(" ", JSON.convertValue(request.get("programArgsList"), String[].class));
        told.add("run at " + request.get("parallelism").asInt() + " from "
                + request.path("savepointPath").asText("nothing") + ": " + arguments
                + (request.path("allowNonRestoredState").asBoolean() ? ", whatever it cannot restore" : ""));
        if (fate == Fate.REFUSED) {
            throw new Refused(
                    400,
                    "org.apache.flink.runtime.rest.handler.RestHandlerException: Could not execute application.\n"
                            + "\tat some.Class.method(Class.java:1)\n"
                            + "Caused by: io.tradeenrichment.settings.SettingsException: there is no topic nowhere\n"
                            + "\tat some.Class.method(Class.java:1)\n"
                            + "Caused by: org.apache.kafka.common.errors.UnknownTopicOrPartitionException: unknown");
        }
        start(request.get("jobId").asText(), request.get("parallelism").asInt(), fate);
        ObjectNode job = jobs.get(request.get("jobId").asText());
        job.put("restored", request.path("savepointPath").asText(""));
        if (fate == Fate.FAILS_AND_FAILS_OVER) {
            failOver(job);
        } else if (fate == Fate.ARRIVES_LATE) {
            comesLate(job.get("jid").asText());
            throw new Refused(504, "nobody answered in time");
        } else if (fate == Fate.COMES_THOUGH_REFUSED) {
            throw new Refused(400, "java.lang.IllegalStateException: Process has been closed");
        } else if (fate == Fate.FAILS_AND_THE_CLUSTER_TOO) {
            initializing = Integer.MAX_VALUE;
        }
        return fate == Fate.UNANSWERED
                ? null
                : JSON.createObjectNode().put("jobid", request.get("jobId").asText());
    }

    private void start(String id, int parallelism, Fate fate) {
        ObjectNode job =
                JSON.createObjectNode().put("jid", id).put("name", "job").put("state", "RUNNING");
        ObjectNode vertex = job.putArray("vertices").addObject();
        boolean loads = fate == Fate.LOADS;
        vertex.put("id", "v").put("name", "Join -> Sink: Writer").put("status", loads ? "INITIALIZING" : "RUNNING");
        vertex.put("parallelism", parallelism).put("maxParallelism", 128);
        vertex.putObject("tasks").put("RUNNING", loads ? 0 : parallelism);
        ArrayNode accumulators = job.putObject("accumulators").putArray("user-task-accumulators");
        // What is parked comes out in time.
        accumulators.addObject().put("name", "parked").put("value", jobs.isEmpty() ? "7" : "0");
        accumulators.addObject().put("name", "of Flink's own").put("value", "1");
        accumulators.addObject().put("name", "trades_in").put("value", String.valueOf(fate == Fate.LOSES ? 0 : TOTAL));
        job.putObject("exceptions").putObject("exceptionHistory").putArray("entries");
        job.put("restored", "");
        job.put("checkpoint", fate == Fate.FAILS ? "" : "file:/checkpoints/" + id + "/chk-1");
        jobs.put(id, job);
        if (fate == Fate.FAILS || fate == Fate.FAILS_LATER || fate == Fate.FAILS_AND_FAILS_OVER) {
            fail(job, "the disk is full");
        }
    }

    private static void fail(ObjectNode job, String why) {
        ((ArrayNode) job.get("exceptions").get("exceptionHistory").get("entries"))
                .addObject()
                .put("stacktrace", "java.io.IOException: " + why + "\n\tat some.Class.method(Class.java:1)");
    }

    /** What fails once, fails all the time. */
    private JsonNode exceptions(ObjectNode job) {
        for (JsonNode entry : job.get("exceptions").get("exceptionHistory").get("entries")) {
            ((ObjectNode) entry).put("timestamp", ++clock);
        }
        return job.get("exceptions");
    }

    private static ObjectNode checkpoints(ObjectNode job) {
        ObjectNode answer = JSON.createObjectNode();
        String checkpoint = job.get("checkpoint").asText();
        answer.putObject("counts").put("completed", checkpoint.isEmpty() ? 0 : 1);
        ObjectNode latest = answer.putObject("latest");
        latest.putNull("completed").putNull("savepoint").putNull("restored");
        if (!job.get("restored").asText().isEmpty()) {
            latest.putObject("restored")
                    .put("id", 1)
                    .put("external_path", job.get("restored").asText());
        }
        if (!checkpoint.isEmpty()) {
            latest.putObject("completed").put("id", 2).put("external_path", checkpoint);
        }
        if (job.has("savepoint")) {
            latest.putObject("savepoint")
                    .put("id", 3)
                    .put("checkpoint_type", job.get("savepoint_type").asText())
                    .put("external_path", job.get("savepoint").asText());
        }
        return answer;
    }

    private JsonNode cancel(ObjectNode job) {
        told.add("cancel");
        job.put("state", "CANCELED");
        return JSON.createObjectNode();
    }

    private JsonNode savepoint(ObjectNode job, String how, JsonNode request) {
        told.add(how + " " + request.get("formatType").asText());
        if (folder.isEmpty() && !request.has("targetDirectory")) {
            throw new Refused(
                    400,
                    "org.apache.flink.runtime.rest.handler.RestHandlerException: Config key"
                            + " [execution.checkpointing.savepoint-dir] is not set.");
        }
        String trigger = request.get("triggerId").asText();
        ObjectNode operation = completed();
        if (noSavepoints != null) {
            operation
                    .putObject("operation")
                    .putObject("failure-cause")
                    .put("stack-trace", "java.io.IOException: " + noSavepoints);
        } else {
            String savepoint = folder + "/savepoint-" + ++savepoints;
            boolean stops = how.equals("stop");
            job.put("savepoint", savepoint).put("savepoint_type", stops ? "SYNC_SAVEPOINT" : "SAVEPOINT");
            if (stops && failsAtTheEnd) {
                job.put("state", "FAILED");
                operation
                        .putObject("operation")
                        .putObject("failure-cause")
                        .put("stack-trace", "java.io.IOException: a task was lost while it finished");
            } else {
                operation.putObject("operation").put("location", savepoint);
                job.put("state", stops ? "FINISHED" : "RUNNING");
            }
        }
        operations.put(trigger, operation);
        return JSON.createObjectNode().put("request-id", trigger);
    }

    private static ObjectNode completed() {
        ObjectNode operation = JSON.createObjectNode();
        operation.putObject("status").put("id", "COMPLETED");
        return operation;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
